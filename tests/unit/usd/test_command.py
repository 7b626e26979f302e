"""What ``celltwin stage`` accepts and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import CelltwinError
from twin.run.run import Run
from twin.usd.command import StageOrder, carry_out

HERE, THERE = Path("here"), Path("there")


def quiet(*_: float) -> None:
    pass


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (StageOrder((HERE, THERE)), "--out: is needed for a stage of 2 runs"),
        (StageOrder((HERE, THERE), onto=THERE), "--onto: takes one run"),
        (StageOrder((HERE, THERE), out=HERE, workcell="w", usdz=True), "--workcell: takes one run"),
        (StageOrder((HERE,), out=HERE, onto=THERE), "--out: goes not with --onto"),
        (StageOrder((HERE,), onto=THERE, usdz=True), "--usdz: goes not with --onto"),
        (StageOrder((HERE,), onto=THERE, workcell="w", usdz=True), "--workcell: goes not with"),
        (StageOrder((HERE,), workcell="w"), "Add --usdz"),
    ],
)
def test_options_that_exclude_each_other_are_refused(order: StageOrder, said: str) -> None:
    with pytest.raises(CelltwinError) as refused:
        carry_out(order, quiet)
    assert said in str(refused.value)


def test_all_contradictions_are_told_at_once() -> None:
    with pytest.raises(CelltwinError) as refused:
        carry_out(StageOrder((HERE,), out=HERE, onto=THERE, usdz=True), quiet)
    assert len(refused.value.problems) == 2


def test_orders_lead_to_the_file_to_open(run: Run, tmp_path: Path) -> None:
    window, runs = (2.0, 4.0), (run.folder,)
    one = carry_out(StageOrder(runs, out=tmp_path / "one", window=window), quiet)
    assert one.root == tmp_path / "one" / "root.usda"
    onto = carry_out(StageOrder(runs, onto=tmp_path / "one", window=window), quiet)
    assert onto.root == tmp_path / "one" / "runs" / "run" / "root.usda"
    pair = StageOrder((run.folder, run.folder), out=tmp_path / "two", window=(None, 3.0))
    assert carry_out(pair, quiet).root == tmp_path / "two" / "root.usda"
    single = StageOrder(
        runs, out=tmp_path / "w.usdz", workcell="pouch", usdz=True, window=(1.0, 2.0)
    )
    assert carry_out(single, quiet).root == tmp_path / "w.usdz"
    assert all(path.is_file() for path in (one.root, onto.root, tmp_path / "w.usdz"))


def test_window_outside_a_run_is_refused(run: Run, tmp_path: Path) -> None:
    order = StageOrder((run.folder,), out=tmp_path / "s", window=(100.0, 9999.0))
    with pytest.raises(CelltwinError, match="covers 0 s to 900 s"):
        carry_out(order, quiet)
    assert list(tmp_path.iterdir()) == []
