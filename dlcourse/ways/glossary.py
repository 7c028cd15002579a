"""The glossary: what a word of the course means, in one sentence, and which lesson explains it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dlcourse import files
from dlcourse.calls import explained
from dlcourse.errors import UnknownNameError, closest
from dlcourse.streams import printable

__all__ = ["Glossary", "Term", "glossary", "terms"]


@dataclass(frozen=True)
class Term:
    """A word of the course.

    Attributes
    ----------
    name : str
        Such as "learning rate".
    lesson : str
        The number of the lesson that explains it first, such as "06".
    means : str
        One sentence.
    words : str
        What that lesson says where it explains the term.
    also : tuple of str
        Other words for it.
    see : tuple of str
        The numbers of later lessons that say more.
    """

    name: str
    lesson: str
    means: str
    words: str
    also: tuple[str, ...] = ()
    see: tuple[str, ...] = ()

    @property
    def places(self) -> str:
        """Where it is explained, as in "lesson 02, more in 15"."""
        return f"lesson {self.lesson}" + (f", more in {' and '.join(self.see)}" if self.see else "")

    def __repr__(self) -> str:
        return printable(f"{self.name} ({self.places}): {self.means}")


class Glossary(tuple[Term, ...]):
    """Several terms, which are shown one below the other."""

    __slots__ = ()

    def __repr__(self) -> str:
        return printable("\n".join(map(repr, self)))


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Every term, in the order in which the lessons explain them."""
    stored = tomllib.loads(files.read("glossary", Path(__file__).parent / "terms.toml").decode("utf-8"))
    return tuple(
        Term(name, lesson, row["means"], row["words"], tuple(row.get("also", ())), tuple(row.get("see", ())))
        for lesson, rows in stored.items()
        for name, row in rows.items()
    )


@explained
def glossary(word: str = "") -> Term | Glossary:
    """What a word of the course means, and which lesson explains it.

    Parameters
    ----------
    word : str, optional
        The word, in any of its forms. Without it, all words are given, from A to Z.

    Returns
    -------
    Term or Glossary
        Shown as a sentence; all of them, or those that contain the word where it is only a part of theirs, as a list.

    Raises
    ------
    UnknownNameError
        If no term contains the word. The message names the one that is spelled most like it.

    Examples
    --------
    >>> glossary("epochs")
    epoch (lesson 06): One pass of training through all training examples.
    """
    asked = word.strip().casefold()
    known = sorted(terms(), key=lambda term: term.name.casefold())
    if not asked:
        return Glossary(known)
    for form in (asked, asked.removesuffix("s"), asked.removesuffix("es")):
        for term in known:
            if form in _forms(term):
                return term
    within = Glossary(term for term in known if any(asked in form for form in _forms(term)))
    if not within:
        meant = closest(asked, [form for term in known for form in _forms(term)])
        hint = f"Did you mean {meant!r}?" if meant else "dl.glossary() lists all words."
        raise UnknownNameError(f"The glossary has no {word!r}. {hint}")
    return within[0] if len(within) == 1 else within


def _forms(term: Term) -> Iterator[str]:
    """The names of a term as they are looked up."""
    return (name.casefold() for name in (term.name, *term.also))
