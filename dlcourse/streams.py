"""Text on streams that cannot write every character: a log file in ASCII, a Windows console, `LC_ALL=C`.

What the course shows has arrows, minus signs and Greek letters. Python raises where the stream in use lacks one of them,
and a table of layers should not end a night of training. So every text that may be printed goes through here: it stays
as it is where the streams of the program can write it, which is nearly everywhere, and else is written in the characters
that they have.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

__all__ = ["printable", "say", "writing_everything"]

HANDLER = "dlcourse.stand_in"  # what Python's streams and codecs call it
SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵀᵈᵗᶻˡˣ", "0123456789+-()nTdtzlx", strict=True))
STAND_IN = {
    "→": "->", "←": "<-", "⇒": "=>", "↑": "^", "↓": "v", "−": "-", "–": "-", "—": "-", "‑": "-", "×": "x", "·": "*", "÷": "/", "±": "+-",
    "∓": "-+", "∑": "sum ", "∏": "product ", "∫": "integral ", "∝": "~", "≡": "==", "≪": "<<", "≫": ">>", "⊙": "*", "⊗": "x", "∘": "o", "⟨": "<", "⟩": ">",
    "↔": "<->", "⟶": "->", "⟵": "<-", "⟹": "=>", "▶": ">", "◀": "<", "•": "*", "■": "#", "□": "#", "●": "*", "○": "o", "✔": "v", "✘": "x", "ℓ": "l",
    "½": "1/2", "√": "sqrt ", "∞": "infinity", "≠": "!=", "≤": "<=", "≥": ">=", "≈": "~", "∂": "d", "∇": "grad ", "‖": "||", "∈": "in",
    "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "⋯": "...", "′": "'", "°": " degrees", "⌊": "floor(", "⌋": ")", "\u202f": " ",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "Δ": "Delta", "Π": "product ", "Σ": "sum ", "Φ": "Phi", "Ω": "Omega",
    "▲": "^", "▼": "v", "█": "#", "░": ".", "✓": "v", "✗": "x", "\u0302": "^", "ß": "ss",
}  # fmt: skip


def printable(text: str) -> str:
    """The text in characters that the standard streams of this program can write.

    Examples
    --------
    >>> printable("Dense(64 -> 10)")
    'Dense(64 -> 10)'
    >>> "10⁻³ · λ₁ → ∞".encode("ascii", HANDLER).decode()  # what becomes of it on a stream of ASCII
    '10^-3 * lambda1 -> infinity'
    """
    if text.isascii():
        return text
    for stream in (sys.stdout, sys.stderr):
        encoding = getattr(stream, "encoding", None)
        if encoding:
            with suppress(LookupError):
                text = text.encode(encoding, HANDLER).decode(encoding)
    return text


def say(text: str) -> None:
    """Print a text on the standard output."""
    print(printable(text))


@contextmanager
def writing_everything() -> Iterator[None]:
    """Let the standard streams write any text for a while: what they lack is written in characters that they have."""
    with ExitStack() as before:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                before.callback(stream.reconfigure, errors=stream.errors)
                stream.reconfigure(errors=HANDLER)
        yield


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """What to write instead, and where to go on: called by Python where characters cannot be encoded."""
    assert isinstance(error, UnicodeEncodeError)  # the handler is there for writing only
    text = error.object[error.start - 1 : error.start] if error.start else ""
    written = ""
    for letter in error.object[error.start : error.end]:
        if letter in SUPERSCRIPT:
            written += SUPERSCRIPT[letter] if text[-1:] in SUPERSCRIPT else "^" + SUPERSCRIPT[letter]
        else:
            written += STAND_IN.get(letter) or _spelled(letter)
        text += letter
    return written, error.end


def _spelled(letter: str) -> str:
    """A letter without its accents, a small digit as a digit; for any other its number, as Python writes it."""
    import unicodedata

    parts = [STAND_IN.get(part, part) for part in unicodedata.normalize("NFKD", letter)]
    plain = "".join(part for part in parts if part.isascii())
    return plain or ("" if unicodedata.combining(letter) else letter.encode("ascii", "backslashreplace").decode())


codecs.register_error(HANDLER, _stand_in)
