"""What is counted in a run, and what is missing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Fields = dict[str, str]
Items = dict[str, Fields]


@dataclass
class Fault:
    """A field that does not hold what was typed, or something else that must not happen."""

    who: str
    where: str
    field: str
    typed: str
    found: str
    history: Sequence[str]

    @property
    def missing(self) -> int:
        return sum(len(typed) for typed, _ in self._changes())

    @property
    def too_much(self) -> int:
        return sum(len(found) for _, found in self._changes())

    def _changes(self) -> Iterator[tuple[str, str]]:
        """Yield what was typed and is not there, and what stands in its place."""
        matcher = difflib.SequenceMatcher(None, self.typed, self.found, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                yield self.typed[a:b], self.found[c:d]

    def __str__(self) -> str:
        lines = [f"{self.who}: {self.field}, {self.where}"]
        lines += (f"  - {typed!r}\n  + {found!r}" for typed, found in self._changes())
        lines += (f"    {step}" for step in self.history)
        return "\n".join(lines)


@dataclass
class Records:
    """The figures of a run, for all people together."""

    say: Callable[[str], object] = print
    steps: int = 0
    keys: int = 0
    saves: int = 0
    disconnections: int = 0
    reloads: int = 0
    devices: int = 0
    submissions: int = 0
    restarts: int = 0
    standstills: int = 0
    restores: int = 0
    compared: int = 0
    stumbles: int = 0
    faults: list[Fault] = field(default_factory=list)

    def compare(self, fault: Fault) -> bool:
        """Count what is compared; record the fault unless the texts are the same."""
        self.compared += len(fault.typed)
        if fault.typed == fault.found:
            return True
        self.add(fault)
        return False

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)
        self.say(str(fault))

    def table(self, pupils: int, teachers: int) -> str:
        """Return the outcome: a row of figures for each thing that was counted."""
        rows = {
            "pupils": pupils,
            "teachers": teachers,
            "steps": self.steps,
            "keys pressed": self.keys,
            "saves": self.saves,
            "disconnections": self.disconnections,
            "reloads": self.reloads,
            "changes of device": self.devices,
            "submitted and taken back": self.submissions,
            "restarts of the server": self.restarts,
            "standstills of the server": self.standstills,
            "restored from a backup": self.restores,
            "steps that were broken off": self.stumbles,
            "characters compared": self.compared,
            "characters missing": sum(fault.missing for fault in self.faults),
            "characters too many": sum(fault.too_much for fault in self.faults),
            "other faults": sum(fault.typed == fault.found for fault in self.faults),
        }
        return "\n".join(f"{name:<28}{figure:>12,}" for name, figure in rows.items())
