"""Findings: what a diagnosis gives back, and how it reads."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from dlcourse.streams import printable

__all__ = ["Finding", "Findings", "Unseen"]

WIDTH = 96


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a training.

    Attributes
    ----------
    name : str
        What it is called, such as "learning rate too high"; it stays the same from version to version.
    seen : str
        What was measured, in numbers.
    why : str
        Why that is a problem.
    advice : str
        What to do.
    code : str
        The smallest code that shows it.

    Examples
    --------
    >>> print(Finding("constant features", "Feature 3 is 5 in all 100 examples.", "It says nothing.", "Leave it out.", "x.std(axis=0)"))
    constant features
      Seen: Feature 3 is 5 in all 100 examples.
      Why it matters: It says nothing.
      What to do: Leave it out.
      To see it yourself:
          x.std(axis=0)
    """

    name: str
    seen: str
    why: str
    advice: str
    code: str

    def __str__(self) -> str:
        lines = [self.name]
        for label, text in (("Seen", self.seen), ("Why it matters", self.why), ("What to do", self.advice)):
            lines += textwrap.wrap(f"{label}: {text}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        lines += ["  To see it yourself:", *(f"      {line}" for line in self.code.splitlines())]
        return printable("\n".join(lines))


@dataclass(frozen=True)
class Unseen:
    """What could not be looked at, and why.

    Examples
    --------
    >>> Unseen("learning rate too high", "no optimizer was given").why
    'no optimizer was given'
    """

    name: str
    why: str


class Findings(list[Finding]):
    """A list of findings, the most likely cause first; empty where nothing is wrong. Printed, it reads like a doctor's note.

    Attributes
    ----------
    unseen : list of Unseen
        What could not be looked at, each with the reason.
    looked_at : int
        How many causes were looked for.
    seconds : float
        How long it took.

    Examples
    --------
    >>> print(Findings([], looked_at=40))
    Nothing found. 40 causes were looked for, and none of them showed.
    """

    def __init__(
        self, found: Iterable[Finding] = (), *, unseen: Iterable[Unseen] = (), looked_at: int = 0, seconds: float = 0.0
    ) -> None:
        super().__init__(found)
        self.unseen, self.looked_at, self.seconds = list(unseen), looked_at, seconds

    @property
    def names(self) -> list[str]:
        """The names of the findings, in their order."""
        return [finding.name for finding in self]

    def _reasons(self) -> dict[str, list[str]]:
        reasons: dict[str, list[str]] = {}
        for one in self.unseen:
            reasons.setdefault(one.why, []).append(one.name)
        return reasons

    def _opening(self) -> str:
        if not self:
            return f"Nothing found. {self.looked_at} causes were looked for, and none of them showed."
        if len(self) == 1:
            return "One finding."
        return f"{len(self)} findings, the most likely cause first: begin there, and look again after each treatment."

    def __str__(self) -> str:
        lines = textwrap.wrap(self._opening(), WIDTH)
        for number, finding in enumerate(self, 1):
            first, *rest = str(finding).split("\n")
            lines += ["", f"{number}. {first}", *(f" {line}" for line in rest)]
        if self.unseen:
            lines += ["", "Not looked at:"]
            for why, names in self._reasons().items():
                text = f"{', '.join(names)}: {why}"
                lines += textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
        return printable("\n".join(lines))

    def __repr__(self) -> str:
        return printable(str(self))

    def _repr_html_(self) -> str:
        parts = [f"<p>{escape(self._opening())}</p>"]
        if self:
            parts.append("<ol>")
            for finding in self:
                parts.append(
                    f"<li><b>{escape(finding.name)}</b><br>{escape(finding.seen)} {escape(finding.why)}<br>"
                    f"<i>{escape(finding.advice)}</i><pre>{escape(finding.code)}</pre></li>"
                )
            parts.append("</ol>")
        for why, names in self._reasons().items():
            parts.append(f"<p><small>Not looked at: {escape(', '.join(names))}. {escape(why)}</small></p>")
        return "\n".join(parts)
