"""Every lesson, as it is stored: whole, in order, without widget state, with its pictures, and in the course's voice.

That the stored numbers are what the code gives is nbval's part; `dlcourse refresh` stores them.
"""

import ast
import base64
import copy
import importlib
import json
import re
from pathlib import Path

import nbformat
import pytest

from dlcourse import notebooks, widgets
from dlcourse.learner.record import Record
from dlcourse.pages import as_mathml
from dlcourse.reviews import offer, review
from tests.reading_time import BREAKABLE, minutes

LESSONS = notebooks.lessons()
SLIDES = {  # the slides' own headings, which somebody holding the slides looks for
    "00": ["Deep Learning", "Go deep or go home"],
    "01": ["Supervised Learning"],
    "02": ["Single Neuron to Neural Networks", "Single Neuron"],
    "03": ["More Neurons, More Layers: Deep Learning"],
    "04": ["How to find the best values for the weights?", "Update"],
    "04b": ["Egg carton in 1 million dimensions"],
    "05": ["Backpropagation: Assigning Blame"],
    "06": ["Stochastic Gradient Descent (SGD) and Minibatch"],
    "07": [
        "Usually things would get intense at this point",
        "Local gradient",
        "Chain rule",
        "Sum over paths",
        "Partial derivatives",
    ],
    "07b": ["Usually things would get intense at this point", "Jacobian matrix", "Hessian"],
    "08": ["Learning a new representation"],
    "09": ["Training Data", "Train. Validate. Test."],
    "10": [
        "Tensors",
        "Tensors are not scary",
        "[r=0.45 g=0.84 b=0.76]",
        "Number",
        "Vector",
        "Matrix",
        "This image is a 3264 x 2448 x 3 tensor",
    ],
    "11": ["Different types of networks", "Fully-Connected Networks", "every input connects to every neuron"],
    "12": ["Recurrent Neural Networks (RNN)", "appropriate when inputs are sequences"],
    "12b": ["Recurrent Neural Networks (RNN)"],
    "14": ["Hyperparameters", "…and many more", "a zoo of nonlinear functions", "Not all zeros."],
    "14b": ["Hyperparameters", "…and many more"],
    "13": ["Convolutional Neural Networks (ConvNets)", "Appropriate for image tasks"],
    "13b": ["Convolutional Neural Networks (ConvNets)", "not limited to image tasks"],
    "15": [
        "Activations",
        "Nonlinear functions",
        "Sigmoid, tanh, hard tanh and softsign",
        "ReLU (Rectified Linear Unit) and Leaky ReLU",
        "Softplus and Exponential Linear Unit (ELU)",
    ],
    "16": ["Softmax"],
    "17": ["Initializations", "Distribution of initial weights", "Not all zeros"],
    "18": ["Optimizers", "Various algorithms for driving Gradient Descent", "Tricks to speed up SGD"],
    "18b": ["Learn the learning rate", "Tricks to speed up SGD"],
    "19": ["Cost/Loss/Objective Functions", "=?", "Cross-entropy Loss"],
    "20": [
        "Regularization",
        "Preventing Overfitting",
        "Overfitting",
        "Regularization: Avoiding Overfitting",
        "Loss = Error(prediction, truth) + L(keep solution simple)",
    ],
    "21": ["Dropout", "ignore the output of a fraction p of neurons", "p = 0.5 is a good default"],
    "22": ["One Last Bit of Wisdom", "It doesn't work..... why?"],
    "23": ["It works..... why?"],
    "23b": ["It works..... why?"],
    "24": ["THE END"],
}
FILLER = r"\b(simply|obviously|trivial(?:ly)?|clearly|it is easy to see|in this section|let's dive|dive in|of course)\b"
JUST = r"\bjust\b(?! (?:before|after|above|below|under|one|as|right)\b)"


each = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def markdown(book):
    return [cell.source for cell in book.cells if cell.cell_type == "markdown"]


def prose(text):
    """Text without code, formulas and links."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|!\[|<!--.*?-->", " ", text, flags=re.DOTALL)


def ends_with_a_widget(source):
    """Whether the value of the last line is one of the course's widgets: Name(…) or Name(…).show(…)."""
    body = ast.parse(source).body
    if not body or not isinstance(body[-1], ast.Expr):
        return False
    value = body[-1].value
    while isinstance(value, (ast.Call, ast.Attribute)):
        value = value.func if isinstance(value, ast.Call) else value.value
    return isinstance(value, ast.Name) and value.id in {kind.__name__ for kind in widgets.ALL}


def test_the_finished_lessons_are_there_and_numbers_are_unique():
    numbers = [notebooks.number(path) for path in LESSONS]
    assert {"00", "02", "05"} <= set(numbers)
    assert len(numbers) == len(set(numbers))
    others = {path.name for path in notebooks.folder().glob("*.ipynb")} - {path.name for path in LESSONS}
    assert others == {"glossary.ipynb"}, "a lesson's name begins NN_ or NNb_"


def comes_next(path):
    """The lesson after this one, None behind the last and before a number that is still being written."""
    following = dict(zip(LESSONS, LESSONS[1:], strict=False)).get(path)
    here, there = (int(notebooks.number(one).rstrip("b")) for one in (path, following or path))
    return following if there - here <= 1 else None


def before(path):
    """The lesson before this one, None before the first."""
    return dict(zip(LESSONS[1:], LESSONS, strict=False)).get(path)


def test_a_gap_in_the_numbers_is_no_next_lesson(monkeypatch):
    paths = [notebooks.folder() / f"{name}.ipynb" for name in ("07_a", "07b_b", "08_c", "10_d")]
    monkeypatch.setitem(globals(), "LESSONS", paths)
    assert [comes_next(path) for path in paths] == [paths[1], paths[2], None, None]


@each
def test_a_link_to_the_next_lesson_leads_to_the_one_that_comes_next(path):
    following = comes_next(path)
    for name in re.findall(r"(?m)^Next: \[[^\]]+\]\(([^)]+)\)", "\n".join(markdown(read(path)))):
        assert following is not None and name == following.name


@each
def test_its_first_cell_leads_back_to_the_lesson_before(path):
    links = re.findall(r"(?m)^Previous: \[([^\]]+)\]\(([^)]+)\)", "\n".join(markdown(read(path))))
    title = before(path) and markdown(read(before(path)))[0].splitlines()[0].removeprefix("# ")
    assert links == ([(title, before(path).name)] if before(path) else [])


@each
def test_it_is_a_valid_notebook_stored_as_refresh_stores_it(path):
    book = read(path)
    nbformat.validate(book)
    stored = path.read_text(encoding="utf-8")
    assert stored == nbformat.writes(notebooks.normalize(copy.deepcopy(book))).rstrip("\n") + "\n"
    assert path.stat().st_size <= 1_000_000


@each
def test_it_holds_no_widget_state_no_time_and_no_error(path):
    text = path.read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget" not in text
    assert "widgets" not in json.loads(text)["metadata"]
    assert "iopub" not in text
    for cell in code_cells(read(path)):
        assert not any(output.output_type == "error" for output in cell.outputs), cell.source


@each
def test_every_code_cell_has_run_in_order(path):
    cells = code_cells(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@each
def test_what_one_sees_does_not_name_an_address_in_memory_or_a_machine(path):
    for cell in code_cells(read(path)):
        for output in cell.outputs:
            text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            assert not re.search(r"0x[0-9a-f]{6,}|/home/|/tmp/|site-packages", text), text
            assert output.get("name") != "stderr", text


@each
def test_every_widget_has_its_picture_and_its_sentence(path):
    shown = [cell for cell in code_cells(read(path)) if ends_with_a_widget(cell.source)]
    assert shown, "a lesson has at least one widget"
    for cell in shown:
        (output,) = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG\r\n\x1a\n")
        assert len(output.data["text/plain"].strip()) > 20, "one line of text stands in for the picture"


@each
def test_every_picture_of_a_cell_that_plots_is_stored(path):
    for cell in code_cells(read(path)):
        if re.search(r"plt\.(subplots|plot|imshow|figure)\(", cell.source):
            assert any("image/png" in output.get("data", {}) for output in cell.outputs), cell.source


@each
def test_a_question_is_asked_before_a_widget_answers(path):
    assert any("predict=Predict(" in re.sub(r"\s", "", cell.source) for cell in code_cells(read(path)))


@each
def test_it_begins_with_its_number_and_slides_and_ends_with_recap_and_reading(path):
    texts = markdown(read(path))
    number = notebooks.number(path)
    beginning = "\n".join(texts[:4])
    assert re.match(rf"# {number} · \S.*\n> \*Slides: .+\*\n\n\S", texts[0])
    assert re.match(r"\*\*What you will learn\*\*\n(\n- You can .+){3}(\n\n|$)", texts[1])
    for heading in SLIDES.get(number, []):
        assert heading in beginning + "\n".join(texts), heading
    whole = "\n".join(texts)
    assert "What you can say now" in whole
    assert re.search(r"(?i)further reading|to read|read on", whole)


@each
def test_headings_go_down_one_level_at_a_time(path):
    levels = [len(marks) for text in markdown(read(path)) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@each
def test_it_speaks_with_the_voice_of_the_course(path):
    for text in markdown(read(path)):
        spoken = prose(text)
        assert not re.search(FILLER, spoken, re.IGNORECASE), text
        assert not re.search(JUST, spoken, re.IGNORECASE), text
        assert "!" not in spoken, text


@each
def test_no_number_falls_apart_at_the_end_of_a_line(path):
    """Between its thousands stands a thin space, where no line breaks."""
    for text in markdown(read(path)):
        shown = re.sub(r"!\[(\\.|[^\]\\])*\]\([^)]*\)|What came: \*\*[^*]*\*\*", " ", text)
        assert not re.search(BREAKABLE, prose(shown)), text


@each
def test_cells_are_short_and_hold_no_trick_of_the_notebook(path):
    for cell in code_cells(read(path)):
        assert not re.search(r"clear_output|display_id|^[%!]|time\.sleep|perf_counter", cell.source, re.MULTILINE), (
            cell.source
        )
        assert len(cell.source.splitlines()) <= 40, cell.source
        assert "nbval-skip" not in cell.metadata.get("tags", [])


@each
def test_a_cell_can_be_read_without_scrolling_sideways(path):
    """At 1280 pixels a cell shows 100 letters a line; a task, which is read word by word, stays a little below."""
    for cell in code_cells(read(path)):
        lines = cell.source.splitlines()
        a_task = cell.source.startswith("def ") and lines[-1].lstrip().startswith("return")
        assert max(map(len, lines)) <= (96 if a_task else 100), cell.source


def stated_minutes(texts):
    """What a lesson's first cells say of its length."""
    stated = re.search(r"\b(\d+) minutes\b", "\n".join(texts[:3]))
    assert stated is not None
    return int(stated[1])


@each
def test_it_says_its_minutes_and_what_comes_next(path):
    texts = markdown(read(path))
    stated = stated_minutes(texts)
    assert 15 <= stated <= 40
    assert minutes(read(path)) <= stated <= 1.45 * minutes(read(path))  # a beginner takes longer than a reader
    assert comes_next(path) is None or "\nNext: [" in "\n".join(texts)


def test_the_readme_names_the_shortest_and_the_longest_lesson_and_the_hours_of_all():
    all_ = [stated_minutes(markdown(read(path))) for path in LESSONS]
    told = " ".join((Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8").split())
    assert f"the {min(all_)} to {max(all_)} minutes that a lesson names" in told
    assert f"{sum(all_) / 60:.0f} hours in all" in told


def bets(cell):
    """The calls of Predict in a cell."""
    return [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Predict"
    ]


@each
def test_every_bet_has_an_answer_that_its_cell_does_not_tell_and_the_end_counts_them(path):
    cells = code_cells(read(path))
    placed = [bet for cell in cells for bet in bets(cell)]
    if not placed:
        return
    (module,) = {
        m[1] for cell in cells if (m := re.search(r"from dlcourse\.exercises import (\w+) as ex", cell.source))
    }
    known = importlib.import_module(f"dlcourse.exercises.{module}").BETS
    used = []
    for bet in placed:
        named = {keyword.arg: keyword.value for keyword in bet.keywords}
        answer = named.get("answer", bet.args[2] if len(bet.args) > 2 else None)
        assert answer is not None and re.fullmatch(r"ex\.BETS\['.+'\]", ast.unparse(answer)), ast.unparse(bet)
        used.append(answer.slice.value)
        assert known[used[-1]] in ast.literal_eval(bet.args[1]), ast.unparse(bet)
    assert used == list(known)
    assert cells[-1].source == "bets()"


@each
def test_nothing_is_printed_or_asserted_between_a_question_and_its_widget(path):
    """What comes of a bet stands in such a line, or in what it is compared with, and is read before one chooses."""
    asked = False
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            asked = asked or bool(re.search(r"^\*\*Predict first", cell.source, re.MULTILINE))
        elif asked or bets(cell):
            told = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Assert)]
            assert not told, ast.unparse(told[0])
            assert all(output.output_type != "stream" for output in cell.outputs), cell.source
            asked = not bets(cell)


@each
def test_questions_from_earlier_lessons_stand_folded_behind_the_imports(path, monkeypatch):
    first, second = code_cells(read(path))[:2]
    asked = [cell for cell in code_cells(read(path)) if "dl.review(" in cell.source]
    if path == LESSONS[0]:
        assert not asked
        return
    number = notebooks.number(path)
    assert "import dlcourse as dl" in first.source and asked == [second] and second.source == f'dl.review("{number}")'
    monkeypatch.setenv(notebooks.RECORD, "off")
    monkeypatch.setattr(offer, "_session", Record())  # what other tests have answered
    (output,) = second.outputs
    assert output.data == review(number)._repr_mimebundle_()[0]
    assert output.data["text/html"].startswith("<details><summary>") and before(path).name in output.data["text/html"]


@each
def test_the_last_cell_tells_nothing_of_who_stored_the_lesson(path):
    for cell in code_cells(read(path)):
        if cell.source == "bets()":
            (output,) = cell.outputs
            assert output.data == {"text/plain": "No bets yet. Choose one above a picture, then run this cell again."}


@each
def test_every_exercise_cell_is_followed_by_its_check(path):
    checks = [name for cell in code_cells(read(path)) for name in re.findall(r'ex\.check\("(\w+)"', cell.source)]
    assert len(checks) == len(set(checks))
    assert len(checks) >= (1 if path.stem.startswith("00") else 3)
    for cell in code_cells(read(path)):
        if "ex.check(" in cell.source:
            assert any("not attempted" in output.get("text", "").lower() for output in cell.outputs), cell.source


@each
def test_every_formula_of_an_exported_page_is_drawn_and_none_is_left_as_letters(path):
    for text in markdown(read(path)):
        for formula in re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL):
            drawn = as_mathml(formula, display=True)
            assert "<math" in drawn, formula
            seen = re.sub(r' alttext="[^"]*"', "", drawn)
            assert not re.search(r">(&<|&amp;<|\\)", seen), formula
