"""How long a lesson takes, measured on its text. `python tests/reading_time.py` prints it for each lesson.

Prose is read at 238 words a minute, the mean over 190 studies of people who read English silently (Brysbaert, “How many
words do we read per minute?”, 2019). The other rates are ours, in seconds: what a line of code, a formula, a bet, a thing to
try and an exercise take somebody who does them.
"""

import re
import sys
from pathlib import Path

BREAKABLE = r"(?<![\d.,])\d{1,3}( \d{3})+(?!\d)"
"""A number with a space between its thousands: the end of a line may come there."""

WORDS_A_MINUTE = 238
CODE_LINE, FORMULA, BET, TRY, EXERCISE = 3, 20, 20, 30, 240
# What is folded away, or stands in the list of what else to read, is no part of the lesson's time.
ASIDE = re.compile(r"<details>.*?</details>|<[^>]+>|https?://\S+|## Further reading.*", re.DOTALL)
FORMULAS = re.compile(r"\$\$.*?\$\$", re.DOTALL)


def minutes(notebook):
    """Minutes that a lesson takes, from a notebook of nbformat."""
    prose = [ASIDE.sub(" ", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code" and not is_folded(cell))
    lines = [line for line in code.splitlines() if line.strip() and not line.strip().startswith("#")]
    text = "\n".join(prose)
    words = re.findall(r"[^\W\d_][\w’'\-]*", re.sub(r"\$[^$\n]+\$", " ", FORMULAS.sub(" ", text)))
    seconds = (
        60 * len(words) / WORDS_A_MINUTE
        + CODE_LINE * len(lines)
        + FORMULA * len(FORMULAS.findall(text))
        + BET * len(re.findall(r"\*\*(?:Predict|Bet) first", text))
        + TRY * len(re.findall(r"^\d+\. ", text, re.MULTILINE))
        + EXERCISE * len(re.findall(r"^ex\.check\(", code, re.MULTILINE))
    )
    return seconds / 60


def is_folded(cell):
    """Whether the source of a code cell is folded away where a notebook is opened."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


if __name__ == "__main__":
    import nbformat

    for path in sys.argv[1:] or sorted((Path(__file__).parents[1] / "lessons").glob("[0-9]*.ipynb")):
        print(f"{minutes(nbformat.read(path, 4)):5.1f} {Path(path).stem}")
