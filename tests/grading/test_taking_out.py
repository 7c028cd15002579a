"""What is taken out of a notebook: the last function of an exercise with all that it needs, and nothing else."""

import ast

import pytest

from dlcourse.errors import FileFormatError
from dlcourse.exercises import single_neuron
from dlcourse.grading.cells import cells_of
from dlcourse.grading.taking_out import is_stub, lessons_imported, pieces_of, take_out, written_in_vain
from tests.grading.notebooks_of_learners import notebook


def taken(*sources, exercise="border", function="border", imports="import numpy as np"):
    cells = cells_of(notebook(*sources, imports=imports))
    return take_out(exercise, function, cells, pieces_of(cells))


def texts(*sources, **settings):
    return [ast.unparse(piece.statement) for piece in taken(*sources, **settings).pieces]


def test_the_function_comes_with_its_imports_helpers_and_constants_and_with_what_those_need():
    assert texts(
        "from math import tau, pi\nimport os",
        "SMALL = 1e-9\nLARGE = 1e9",
        "def side(x):\n    return scaled(x) > SMALL",
        "def scaled(x):\n    return x / tau",
        "print('never')\nopen('x', 'w')\nunused = 3",
        "def border(p):\n    return np.sign(side(p))",
    ) == [
        "import numpy as np",
        "from math import tau, pi",
        "SMALL = 1e-09",
        "def side(x):\n    return scaled(x) > SMALL",
        "def scaled(x):\n    return x / tau",
        "def border(p):\n    return np.sign(side(p))",
    ]


def test_of_several_definitions_the_last_one_counts_of_helpers_too():
    assert texts("def half(x): return x", "def border(): return half(1)", "def half(x): return x / 2", "def border(): return half(2)") == [
        "def half(x):\n    return x / 2",
        "def border():\n    return half(2)",
    ]  # fmt: skip


def test_a_number_that_is_built_up_comes_whole_from_its_last_beginning():
    assert texts("k = 1\nk = 2\nk += 3\nk = k * 2", "def border(): return k") == [
        "k = 2", "k += 3", "k = k * 2", "def border():\n    return k",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "definition",
    [
        "border = lambda p: SCALE * p",
        "class Line:\n    def __call__(self, p):\n        return SCALE * p\nborder = Line()",
        "async def border(p):\n    return SCALE * p",
        "def border(p, scale=SCALE):\n    return scale * p",
        "def border(p):\n    return [(lambda x: SCALE * x)(x) for x in p]",
        "try:\n    import torch\nexcept ImportError:\n    torch = SCALE\ndef border(p): return torch",
        "import functools\nborder = functools.partial(max, SCALE)",
    ],
)
def test_whatever_gives_the_name_is_taken_with_its_needs(definition):
    assert "SCALE = 2" in texts("SCALE = 2", definition)


def test_a_name_of_an_argument_is_not_what_the_notebook_calls_so():
    assert texts("x = 3\nw = [train() for _ in range(3)]", "def border(x):\n    w = x\n    return [w for x in w]") == [
        "def border(x):\n    w = x\n    return [w for x in w]"
    ]


def test_a_star_is_always_imported_for_nobody_knows_what_comes_of_it():
    assert texts("from math import *\nimport os", "def border(p): return sin(p)")[0] == "from math import *"


def test_the_function_that_the_check_is_given_counts():
    assert taken("def border(): pass", "def mine(): return 1", "ex.check('border', mine)").name == "mine"
    assert taken("def border(): pass", "ex.check('border', elsewhere)").name == "border"
    assert taken("def border(): pass", "def mine(): pass", "ex.check('gates', mine)").name == "border"


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "!pip install torch",
        "border?",
        "?border",
        "x = !ls",
        "x = %time f()",
        "if 1:\n    %time f()",
    ],
)
def test_magics_do_not_matter(magic):
    line = 1 + magic.count("\n") + 2
    (piece,) = taken(f"{magic}\n\ndef border(): return 1", imports="").pieces
    assert ast.unparse(piece.statement) == "def border():\n    return 1" and piece.statement.lineno == line


def test_a_cell_with_a_magic_for_all_of_it_is_python_where_the_magic_measures_and_else_it_is_not():
    assert texts("%%time\ndef border(): return 1", imports="") == ["def border():\n    return 1"]
    assert taken("%%bash\ndef border(): return 1", imports="") is None


def test_broken_cells_elsewhere_do_not_matter_and_one_with_the_function_is_named():
    assert texts("for for", "def border(): return 1\n", "x = (", imports="") == ["def border():\n    return 1"]
    sources = "x = 1", "def border(p:\n  return 1"
    assert taken(*sources) is None
    broken = written_in_vain("border", cells_of(notebook(*sources)))
    assert broken.name == "cell 4" and broken.error.startswith("SyntaxError in line 1")
    cells = cells_of(notebook("def border(): return 1", "def border(:"))
    assert written_in_vain("border", cells).name == "cell 4" and written_in_vain("gates", cells) is None


def test_the_stub_is_known_without_its_docstring_and_comments():
    exercise = single_neuron.EXERCISES.exercises["border"]
    assert is_stub(taken(exercise.stub), exercise.stub)
    without = "def border(p, q, yes):\n    # I do not know\n    w = None\n    b = None\n    return w, b"
    assert is_stub(taken(without), exercise.stub)
    assert not is_stub(taken(exercise.solution), exercise.stub)


def test_the_lesson_is_known_by_what_is_imported():
    def names(*sources):
        return lessons_imported(cells_of(notebook(*sources, imports="")))

    assert names("from dlcourse.exercises import single_neuron as ex") == ["single_neuron"]
    assert names("import dlcourse.exercises.softmax as ex", "from dlcourse.exercises import losses") == ["softmax", "losses"]  # fmt: skip
    assert names("from dlcourse.exercises import losses as ex\nx = (") == ["losses"]
    assert names("import numpy") == []


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b"3", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{"cell_type": "code", "source": 3}]}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_notebook_is_said(content):
    with pytest.raises(FileFormatError, match="not a notebook, or it is damaged"):
        cells_of(content)


def test_old_notebooks_are_read():
    old = b'{"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\\n", "y = 2"]}]}]}'
    assert cells_of(old)[0].text == "x = 1\ny = 2"


@pytest.mark.parametrize("text", ["(" * 5000, "-" * 100_000 + "1", "x = 1\0", "a." * 100_000 + "b", "x" * 2_000_000])
def test_a_cell_that_would_break_a_parser_is_a_cell_that_is_no_python(text):
    cells = cells_of(notebook(text, "def border(): return 1"))
    assert take_out("border", "border", cells, pieces_of(cells)).name == "border"
