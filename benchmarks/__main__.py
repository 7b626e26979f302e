"""``python -m benchmarks``: measure, print, and write only what is asked for."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Sequence

from benchmarks import machine, page, table
from benchmarks.cases import CASES, Options
from benchmarks.result import Result


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the chosen cases; 1 if a simulator disagrees with the exact value."""
    chosen = _parser().parse_args(arguments)
    names = chosen.case or [case.name for case in CASES.values() if not case.on_request]
    described = machine.describe()
    options = Options(chosen.size, chosen.repeat, peers=not chosen.no_peers)
    results = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        begin = time.perf_counter()
        result = CASES[name].run(options)
        results.append(dataclasses.replace(result, seconds=time.perf_counter() - begin))
    told = f"Measured on: {described}.\n\n{_versions()}\n\n{table.text(results)}"
    print(_json(described, results) if chosen.json else told)
    if chosen.write:
        page.refresh(told)
    return 0 if all(result.agrees for result in results) else 1


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(
        f"  {case.name:<12}{case.about}{' (only on request)' if case.on_request else ''}"
        for case in CASES.values()
    )
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure how fast celltwin is, beside other simulators where they can do it.",
        epilog=f"cases:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("case", nargs="*", type=_case, help="what to measure; all of them")
    parser.add_argument("--size", type=_positive, default=1.0, help="factor on all horizons")
    parser.add_argument("--repeat", type=_rounds, default=3, help="rounds; the best counts")
    parser.add_argument("--no-peers", action="store_true", help="only celltwin and SimPy")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help=f"refresh docs/{page.PAGE.name}")
    return parser


def _case(text: str) -> str:
    if text not in CASES:
        raise argparse.ArgumentTypeError(f"there is no case '{text}'; there are {', '.join(CASES)}")
    return text


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def _rounds(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _versions() -> str:
    return "Versions: " + ", ".join(f"{k} {v}" for k, v in machine.versions().items()) + "."


def _json(described: str, results: Sequence[Result]) -> str:
    return json.dumps(
        {
            "machine": described,
            "versions": machine.versions(),
            "results": [dataclasses.asdict(result) for result in results],
        },
        indent=2,
    )


if __name__ == "__main__":
    sys.exit(main())
