"""A finding as a page of text: sections of sentences and small tables, and that as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.diagnose.finding import Disorder, Finding, Judged, Loss, Measure, lasting
from twin.diagnose.measures import named
from twin.diagnose.wording import counted, length, number, share, words
from twin.flags.explained import LEAST_BEFORE_S
from twin.flags.flag import clock, period

MOST_MEASURES = 14
MOST_WAITS = 6


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table."""

    title: str
    sentences: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Page:
    """The finding for people; `alarming` where something is wrong."""

    title: str
    severity: str
    sections: tuple[Section, ...]


def page(found: Finding) -> Page:
    """Return a finding as sections, the most important first."""
    several = len(found.disorders) > 1
    sections: list[Section] = []
    for k, one in enumerate(found.disorders, start=1):
        sections += disorder_sections(found.start, one, f"{k}. " if several else "")
    if not found.disorders:
        sections.append(_nothing(found))
    if found.elsewhere:
        sections.append(Section("What else concerns it", found.elsewhere))
    sections += _odd(found)
    sections.append(_basis(found))
    severity = found.disorders[0].severity if found.disorders else "normal"
    return Page(found.headline, severity, tuple(sections))


def markdown(found: Finding) -> str:
    """Return a finding as one page of Markdown."""
    made = page(found)
    lines = [f"# {made.title}", ""]
    for section in made.sections:
        lines += [f"## {section.title}", ""]
        for sentence in section.sentences:
            lines += [_escaped(sentence), ""]
        if section.rows:
            lines += [*_table(section), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(section: Section) -> Iterator[str]:
    yield "| " + " | ".join(section.heads) + " |"
    yield "| --- |" + " ---: |" * (len(section.heads) - 1)
    for row in section.rows:
        yield "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in row) + " |"


def _escaped(text: str) -> str:
    """Keep names with underscores and stars from becoming emphasis."""
    return text.replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;")


def disorder_sections(start: str, one: Disorder, mark: str = "") -> Iterator[Section]:
    """Return what is known of one thing that is wrong, in a run that starts at `start`."""
    yield Section(f"{mark}{one.title}", tuple(_what(start, one)))
    yield Section("Cause", tuple(_cause(one)), *_measures(one.measures))
    if one.against:
        yield Section("What speaks against it, and what else fits", one.against)
    yield Section("What it costs", tuple(_cost(one)))
    if one.action:
        yield Section("What to do", (one.action,))


def _what(start: str, one: Disorder) -> Iterator[str]:
    when = period(start, one.since_s, one.until_s, is_open=one.open)
    still = ", still open at the end of the data" if one.open else ""
    yield f"{one.severity.capitalize()}, {one.label} ({one.resource}), {when}{still}."
    if one.expected is not None and one.observed is not None:
        seen = f"Expected {number(one.expected)}, observed {number(one.observed)} {one.unit}"
        yield f"{seen.strip()}, n = {one.n:,}." if one.n else f"{seen.strip()}."
    if one.sure is not None:
        yield f"That something changed is {share(one.sure)} sure.{_chance(one.false_alarm)}"


def _chance(p: float | None) -> str:
    if p is None:
        return ""
    said = "less than 1 in a million" if p < 1e-6 else f"{p:.1e}"
    return f" Chance of a false alarm: {said}."


def _cause(one: Disorder) -> Iterator[str]:
    where = [f"joint {one.joint}"] if one.joint else []
    where += [f"sub-step {one.substep.replace('_', ' ')}"] if one.substep else []
    sure = f", {share(one.cause_sure)} sure" if one.cause_sure is not None else ""
    place = f" ({', '.join(where)})" if where else ""
    yield f"{words(one.cause)}{place}{sure}."
    yield one.why or one.text


def _measures(measured: tuple[Measure, ...]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if not measured:
        return (), ()
    heads = ("", "before, or by plan", "while it lasts", "change", "unit")
    return heads, tuple(_row(m) for m in measured[:MOST_MEASURES])


def _row(m: Measure) -> tuple[str, ...]:
    change = ""
    if m.before and m.during is not None:
        change = f"{100 * (m.during / m.before - 1):+.1f} %"
    return (m.name, number(m.before), number(m.during), change or "–", m.unit)


def _cost(one: Disorder) -> Iterator[str]:
    loss = one.loss
    yield f"{number(loss.units)} units could have been made there in the time lost."
    yield _plant(loss)
    rest = [f"{number(loss.kwh)} kWh"] if loss.kwh else []
    rest += [f"{number(loss.money)} {loss.currency}"] if loss.money is not None else []
    if rest:
        yield f"The time lost cost {' and '.join(rest)} of energy and machine hours."
    if loss.money is None and loss.kwh is None:
        yield "Energy and money are not told for a finding of this kind."
    elif loss.money is None:
        yield "The plant file gives no cost of this machine, so money is not told."
    named_ = [f"{name} {length(s)}" for name, s in one.waits[:MOST_WAITS]]
    if named_:
        usual = "beyond what was usual" if one.since_s >= LEAST_BEFORE_S else "all of it"
        yield (
            f"Others waited for it, in machine time, {usual}: {', '.join(named_)}."
            " Waiting of stations with time to spare counts, too."
        )
    else:
        yield "No other station waited longer than usual because of it."


def _plant(loss: Loss) -> str:
    if loss.plant_units is None:
        return "What the plant lost by it cannot be told."
    if loss.plant_units > 0:
        return f"The plant lost up to {number(loss.plant_units)} units."
    spare = f": {share(loss.spare_share)} of its time is to spare" if loss.spare_share else ""
    return f"The plant lost no output{spare}."


def _nothing(found: Finding) -> Section:
    lines = ["Cycles, sub-steps, breakdowns, waiting, scrap, products and sensors were looked at."]
    lines += [
        f"{j.label} ({j.resource}): {number(j.observed_s)} s observed,"
        f" {number(j.expected_s)} s expected, {counted(j.n, 'cycle')}."
        for j in found.judged
        if j.n and j.expected_s is not None
    ]
    lines += [f"{j.label} ({j.resource}): no cycle in this run." for j in found.judged if not j.n]
    return Section("No lasting change", tuple(lines))


def _odd(found: Finding) -> Iterator[Section]:
    counted = [j for j in found.judged if j.odd]
    if not counted:
        return
    lines = tuple(
        f"{j.label} ({j.resource}): {_counts(j)}. Usual: {_usual(j)}.{_lasting(j)}" for j in counted
    )
    heads = ("cycle", "start", "verdict", "duration s", "standstill s", "load A", "oddest signal")
    several = len({o.resource for o in found.odd}) > 1
    rows = tuple(
        (
            f"{o.resource} {o.cycle}" if several else str(o.cycle),
            clock(found.start, o.start_s),
            words(o.verdict).lower(),
            number(o.duration_s),
            number(o.standstill_s),
            number(o.load_a),
            f"{o.signal} {o.signal_score:+.1f} sd" if o.signal and o.signal_score else "–",
        )
        for o in found.odd
    )
    yield Section("Single odd cycles", lines, heads if rows else (), rows)


def _counts(one: Judged) -> str:
    return ", ".join(f"{n:,} {word.replace('_', ' ')}" for word, n in one.odd.items())


def _lasting(one: Judged) -> str:
    kinds = [word.replace("_", " ") for word in lasting(one.odd)]
    if not kinds:
        return ""
    return f" So many {' and '.join(kinds)} ones are no single odd cycles; they are not listed."


def _usual(one: Judged) -> str:
    parts = []
    for key, value in one.usual.items():
        name, unit = named(key)
        parts.append(f"{name.lower()} {number(value)} {unit}".strip())
    return ", ".join(parts)


def _basis(found: Finding) -> Section:
    kind = "Imported logs of a real plant" if found.imported else "A simulated run"
    source = f" ({found.source})" if found.source else ""
    lines = [f"{kind}{source}: {found.run}, {found.status}, {length(found.length_s)} long."]
    for j in found.judged:
        sensors = f"{len(j.signals)} sensors" if j.signals else "no sensors"
        gap = f", longest silence of one {length(j.silent_s)}" if j.signals else ""
        lines.append(
            f"{j.label} ({j.resource}): {counted(j.n, 'cycle')}, {sensors}{gap}; state known in"
            f" {share(j.recorded)} of the time."
        )
        lines += [f"Not told of {j.resource}: {why}." for why in j.not_told]
    lines += [
        f"Baseline of '{d.title}': {d.baseline_n:,} cycles. Method: {d.method}."
        for d in found.disorders
        if d.baseline_n is not None
    ]
    if found.imported:
        lines.append("What is expected was learned from the same logs.")
    lines += [f"Import: {what}" for what in found.cleaned]
    lines.append(f"Thresholds: {'; '.join(found.thresholds)}.")
    return Section("What this rests on", tuple(lines))
