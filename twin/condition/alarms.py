"""Alarms of a run, of the engine and of condition monitoring, and what was done about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from twin.condition.acknowledgement import (
    Acknowledgement,
    load_acknowledgements,
    save_acknowledgement,
)
from twin.condition.codes import code_problems
from twin.condition.condition import Condition, Happening, alarm_id, condition
from twin.errors import Problem, RunError, nearest
from twin.run.run import Run

Status = Literal["active", "over", "maintenance", "resolved"]


@dataclass(frozen=True)
class Alarm:
    """One alarm; times are seconds of the run.

    Attributes
    ----------
    id : str
        ``resource:code:raised``: it stays the same whatever is done about other alarms.
    origin : {'engine', 'condition'}
        Raised by a machine of the run, or by condition monitoring.
    resource, code, severity, engine_cause : str
        ``engine_cause`` is what the engine knows; empty for condition monitoring.
    raised_s, ended_s : float
        The end: when it closed or was resolved, else the end of the run.
    status : {'active', 'over', 'maintenance', 'resolved'}
        ``over``: it ended by itself and nobody acknowledged it.
    done : Acknowledgement or None
        What people did about it.
    """

    id: str
    origin: Literal["engine", "condition"]
    resource: str
    code: str
    severity: str
    engine_cause: str
    raised_s: float
    ended_s: float
    status: Status
    done: Acknowledgement | None = None

    @property
    def time_in_alarm_s(self) -> float:
        """Time from its raising to its end."""
        return self.ended_s - self.raised_s

    @property
    def acknowledged(self) -> bool:
        """Whether somebody took it on."""
        return self.done is not None

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        data = {k: v for k, v in asdict(self).items() if k != "done"}
        done = asdict(self.done) if self.done else dict.fromkeys(_NOT_DONE)
        return (
            data
            | {"time_in_alarm_s": self.time_in_alarm_s, "acknowledged": self.acknowledged}
            | done
        )


_NOT_DONE = ("acknowledged_s", "resolved_s", "mode", "cause", "action", "note")


def alarms(run: Run, judged: Condition | None = None) -> list[Alarm]:
    """Return all alarms of a run by the time they were raised.

    Parameters
    ----------
    run : Run
        Of a running one, alarms of the engine that are still open are not known yet.
    judged : Condition, optional
        The condition of the run, where it is known already.
    """
    done = load_acknowledgements(run.folder)
    found = [*_of_engine(run, done), *_of_condition(judged or condition(run), done)]
    return sorted(found, key=lambda a: (a.raised_s, a.id))


def unmatched(run: Run, found: Sequence[Alarm]) -> list[str]:
    """Return ids in ``alarms.json`` that no alarm of the run has."""
    known = {a.id for a in found}
    return [key for key in load_acknowledgements(run.folder) if key not in known]


def acknowledge(
    run: Run,
    alarm: str,
    *,
    at_s: float | None = None,
    codes: Mapping[str, str] | None = None,
    note: str = "",
) -> Alarm:
    """Take on an alarm; with codes, resolve it too.

    Parameters
    ----------
    run : Run
    alarm : str
        Id of an alarm.
    at_s : float, optional
        Time of the run; by default its end.
    codes : mapping, optional
        ``mode``, ``cause`` and ``action``, all three of them, of `twin.condition.codes`.
    note : str
        Anything worth keeping; an empty one keeps what was noted before.

    Raises
    ------
    RunError
        There is no such alarm, it is resolved, the time does not fit or a code is unknown; names
        every problem.
    """
    found = _named(run, alarm)
    time_s = run.horizon_s if at_s is None else at_s
    given = {k: v for k, v in (codes or {}).items() if v}
    problems = [*_time_problems(found, time_s, run.horizon_s), *_code_problems(given)]
    if found.status == "resolved":
        problems.append(Problem(alarm, "is resolved already."))
    if found.done is not None and not given and found.status != "resolved":
        problems.append(
            Problem(alarm, "is acknowledged already.", "Resolve it with --mode, --cause, --action.")
        )
    if problems:
        raise RunError(problems)
    made = found.done or Acknowledgement(acknowledged_s=time_s)
    made = replace(made, note=note or made.note)
    if given:
        made = replace(
            made,
            resolved_s=time_s,
            mode=given["mode"],
            cause=given["cause"],
            action=given["action"],
        )
    save_acknowledgement(run.folder, alarm, made)
    return _named(run, alarm)


def _named(run: Run, alarm: str) -> Alarm:
    found = {a.id: a for a in alarms(run)}
    if alarm not in found:
        what = f"'{alarm}' is no alarm of this run{nearest(alarm, [*found])}."
        raise RunError(Problem(run.name, what, "`celltwin alarms RUN` lists them."))
    return found[alarm]


def _time_problems(alarm: Alarm, time_s: float, end_s: float) -> Iterator[Problem]:
    first = alarm.raised_s if alarm.done is None else alarm.done.acknowledged_s
    if not first <= time_s <= end_s:
        what = f"{time_s:g} s is not between {first:g} s and {end_s:g} s, the end of the run."
        yield Problem("--at", what)


def _code_problems(given: Mapping[str, str]) -> Iterator[Problem]:
    yield from code_problems(dict(given))
    missing = [name for name in ("mode", "cause", "action") if name not in given]
    if given and missing:
        listed = ", ".join(f"--{name}" for name in missing)
        yield Problem(listed, "missing: an alarm is resolved with mode, cause and action.")


def _of_engine(run: Run, done: Mapping[str, Acknowledgement]) -> Iterator[Alarm]:
    for row in run.table("alarms").to_dict("records"):
        key = alarm_id(str(row["resource"]), str(row["code"]), float(row["raised_s"]))
        here, still = done.get(key), bool(row["open"])
        yield Alarm(
            id=key,
            origin="engine",
            resource=str(row["resource"]),
            code=str(row["code"]),
            severity=str(row["severity"]),
            engine_cause=str(row["cause"]),
            raised_s=float(row["raised_s"]),
            ended_s=float(row["closed_s"]),
            status=_status(here, "active" if still else "over"),
            done=here,
        )


def _status(done: Acknowledgement | None, without: Status) -> Status:
    if done is None:
        return without
    return "maintenance" if done.resolved_s is None else "resolved"


def _of_condition(judged: Condition, done: Mapping[str, Acknowledgement]) -> Iterator[Alarm]:
    raised: list[Happening] = [h for h in judged.history if h.kind == "alarm"]
    for h in raised:
        here = done.get(h.alarm)
        resolved_s = None if here is None else here.resolved_s
        yield Alarm(
            id=h.alarm,
            origin="condition",
            resource=h.asset,
            code=h.code,
            severity="critical" if h.judge == "zones" else "warning",
            engine_cause="",
            raised_s=h.time_s,
            ended_s=judged.until_s if resolved_s is None else resolved_s,
            status=_status(here, "active"),
            done=here,
        )
