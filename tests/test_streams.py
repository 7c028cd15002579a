"""Whatever the course shows can be written on every stream: an ASCII log file, a Windows console of 1252, `LC_ALL=C`."""

from __future__ import annotations

import ast
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import streams
from dlcourse.errors import CourseError, ForgottenZeroGrad

ROOT = Path(__file__).parent.parent
PACKAGE = Path(dl.__file__).parent
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "_lessons" not in path.parts]
CODE_PAGES = ["ascii", "cp1252", "cp437", "latin-1", "cp932"]


def run(code, encoding, **environment):
    """Run Python with streams of this encoding, on which it raises where a character cannot be written."""
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0"} | environment
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, check=False, timeout=300
    )


# What the library says about itself and about mistakes: the value of every expression in every docstring's example is
# printed, as a console would, and every error of tests/mistakes.
EVERYTHING = """
import doctest, pkgutil, importlib, sys, warnings, builtins, contextlib, os, tempfile
import numpy as np, dlcourse as dl
from dlcourse import exercises, widgets
from tests import test_docstrings, test_mistakes

def show(value):
    if value is not None:
        print(repr(value), [value], value)

sys.displayhook = show
examples = failed = 0
with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
    for name in test_docstrings.ALL:
        names = {"np": np, "dl": dl} | vars(sys.modules[getattr(test_docstrings.ALL[name], "fget", test_docstrings.ALL[name]).__module__])
        for example in test_docstrings.examples(name):
            if example.options.get(doctest.SKIP):
                continue
            examples += 1
            try:
                exec(compile(example.source, name, "single"), names)
            except UnicodeEncodeError as error:
                failed += 1
                print("CANNOT BE WRITTEN", name, ascii(error.object))
            except Exception as error:  # some show an error
                print(error, repr(error))
rows = 0
for row in test_mistakes.rows():
    error = test_mistakes.error_of(row)
    print(error, repr(error), *getattr(error, "__notes__", []))
    rows += 1
lessons = 0
for module in pkgutil.iter_modules(exercises.__path__):
    lesson = importlib.import_module(f"dlcourse.exercises.{module.name}")
    lessons += 1
    for name, exercise in lesson.EXERCISES.exercises.items():
        for _ in exercise.hints:
            lesson.hint(name)
        lesson.solution(name)
        print(exercise.name)
for kind in widgets.ALL:
    for name, control in kind.controls().items() if hasattr(kind, "controls") else ():
        for option in control.options:
            with contextlib.suppress(dl.errors.CourseError):
                print(kind(**{name: option}))
    print(kind())
print("DONE", examples, failed, rows, lessons)
"""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_everything_that_the_library_prints_can_be_written(encoding):
    done = run(EVERYTHING, encoding)
    said = done.stdout.decode(encoding)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    last = said.splitlines()[-1].split()
    assert last[0] == "DONE" and int(last[1]) > 300 and last[2] == "0" and int(last[3]) >= 120 and int(last[4]) >= 12, (
        last
    )
    assert "\\u" not in said.replace("\\\\u", ""), [line for line in said.splitlines() if "\\u" in line][:5]


SHOWN = """
import numpy as np, dlcourse as dl
model = dl.Sequential(dl.Dense(2, 3, rng=np.random.default_rng(0)))
history = dl.History(loss=[1.0, 0.5])
data = dl.data.Dataset([[1.0]], [0], classes=("grün",), name="Größe")
weight = dl.Tensor([1.0], name="λ₁")
vocabulary = dl.data.Vocabulary("añ→中")
print(model, [model], f"{model!r}", history, data, weight, vocabulary, sep="\\n")
print(model.summary((2,)))
raise dl.errors.ShapeError("64 → 10: “λ” is 10⁻³, − ∞")
"""


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_what_learners_print_most(encoding):
    done = run(SHOWN, encoding)
    said, error = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert "UnicodeEncodeError" not in error and "dlcourse.errors.ShapeError: 64 " in error.splitlines()[-1]
    if encoding == "ascii":
        assert error.splitlines()[-1] == 'dlcourse.errors.ShapeError: 64 -> 10: "lambda" is 10^-3, - infinity'
        assert "Dense(2 -> 3)  (N, 3)           9" in said and "loss 1 -> 0.5" in said
        assert "Dataset(Gro" in said.replace("\\xdf", "o") and "'lambda1'" in said and "an->\\u4e2d" in said


def test_where_the_streams_can_write_it_nothing_changes():
    text = "Dense(64 → 10): “λ” is 10⁻³ · x₁, −∞, grün, 中"
    assert streams.printable(text) == text == str(CourseError(text)) == str(ForgottenZeroGrad(text))
    done = run(f"from dlcourse import streams; streams.say({text!r})", "utf-8")
    assert done.stdout.decode("utf-8").strip() == text


def test_without_streams_and_with_strange_ones_text_stays(monkeypatch):
    class Strange:
        encoding = "no such encoding"

    for stream in (None, io.StringIO(), Strange(), object()):
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "stderr", stream)
        assert streams.printable("a → b") == "a → b"


def test_the_narrower_of_the_two_streams_counts(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), "ascii"))
    assert streams.printable("a → b") == "a -> b"
    error = CourseError("a → b")
    error.add_note("c → d")
    assert (str(error), repr(error), error.__notes__) == ("a -> b", "CourseError('a -> b')", ["c -> d"])
    monkeypatch.undo()
    assert str(error) == "a → b"


def test_streams_write_everything_for_a_while_and_are_strict_again(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    with streams.writing_everything():
        print("a → b, \udce4")
    stream.flush()
    assert stream.buffer.getvalue() == b"a -> b, \\udce4\n"
    with pytest.raises(UnicodeEncodeError):
        print("→")


def test_every_character_that_the_course_uses_has_a_stand_in_that_can_be_read():
    letters = {
        letter
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for letter in node.value
        if not letter.isascii()
    }
    assert len(letters) > 50
    unreadable = {letter for letter in letters if "\\" in letter.encode("ascii", streams.HANDLER).decode()}
    assert not unreadable


@pytest.mark.parametrize(
    ("text", "plain"),
    [("10⁻³", "10^-3"), ("x² + y²", "x^2 + y^2"), ("W⁽¹⁾", "W^(1)"), ("wᵢⱼ", "wij"), ("∂s/∂w₁", "ds/dw1"), ("x̂", "x^"), ("é", "e"), ("ŝ", "s^"), ("½", "1/2")],
)  # fmt: skip
def test_formulas_stay_readable(text, plain):
    assert text.encode("ascii", streams.HANDLER).decode() == plain


def test_every_repr_goes_through_it_and_nothing_is_printed_past_it():
    """So that neither the next class with a repr nor the next thing that prints can forget it."""
    guilty = []
    for path in FILES:
        place = path.relative_to(PACKAGE).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "__str__"):
                called = {
                    call.func.id
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                }
                if "printable" not in called:
                    guilty.append(f"{place}:{node.lineno}: {node.name}")
            printed = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
            if printed and place != "streams.py" and not place.startswith("cli"):
                guilty.append(f"{place}:{node.lineno}: print")
    assert not guilty, guilty


def test_training_reports_on_any_terminal(monkeypatch):
    """The bar of a terminal shows what `fit` says beside it."""
    from dlcourse import progress

    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    for encoding in CODE_PAGES:
        stream = Terminal(io.BytesIO(), encoding)
        monkeypatch.setattr(sys, "stderr", stream)
        with progress.progress_bar(2) as bar:
            bar.say("loss 1 → 0.5, λ")
            bar.advance()
        stream.flush()
        assert b"2" in stream.buffer.getvalue()
    rng = np.random.default_rng(0)
    model = dl.Dense(2, 2, rng=rng)
    data = dl.data.moons(20, rng=rng)
    dl.fit(
        model, data, loss=dl.cross_entropy, optimizer=dl.SGD(model.parameters(), 0.1), epochs=2, batch_size=5, rng=rng
    )
