"""What an import did to its logs, so that nobody takes cleaned data for raw data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Note:
    """One thing that was done.

    Attributes
    ----------
    file : str
        File concerned; empty: all.
    what : str
        What was found and what was done about it.
    n : int
        Rows, samples or cycles concerned.
    """

    file: str
    what: str
    n: int

    def __str__(self) -> str:
        return f"{self.file}: {self.what}" if self.file else self.what


@dataclass
class Report:
    """Notes in the order of the work, and what came out.

    Attributes
    ----------
    notes : list of Note
    read, cycles, samples : int
        Rows read, cycles and samples written.
    commas : dict
        File -> columns with decimal commas.
    """

    notes: list[Note] = field(default_factory=list)
    read: int = 0
    cycles: int = 0
    samples: int = 0
    commas: dict[str, int] = field(default_factory=dict)

    def note(self, file: str, n: int, what: str) -> None:
        """Add a note; nothing happens where `n` is 0. ``{n}`` in the text is the number."""
        if n:
            self.notes.append(Note(file, what.format(n=f"{n:,}"), int(n)))

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        data = asdict(self)
        data["decimal_commas"] = dict(data.pop("commas"))
        return data

    def sentences(self) -> list[str]:
        """Return everything that was done, for people."""
        commas = [f"{file}: {n} columns have decimal commas." for file, n in self.commas.items()]
        return [*commas, *(str(note) for note in self.notes)]
