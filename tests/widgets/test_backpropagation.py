"""Blame: the slide's sentences from live gradients, and promises that a nudge tests."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import ArgumentError, DataError, GradientError, ShapeError, WrongTypeError
from dlcourse.exercises.backpropagation import BETS
from dlcourse.live.picture import Picture
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Blame
from dlcourse.widgets.backpropagation.layout import places

BOOK = notebooks.read("test", notebooks.folder() / "05_backpropagation.ipynb")
LESSON = "\n".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")
THREE = Blame(
    expression="z = w * x; e = z - t; loss = e ** 2", values={"w": 2.0, "x": 3.0, "t": 5.0}, data=(), gradients=True
)
PATTERNS = Blame(
    expression="s = a + b; p = s * c; loss = maximum(p, d)", values={"a": 1.0, "b": 2.0, "c": 4.0, "d": 5.0},
    gradients=True,
)  # fmt: skip
PATHS = Blame(expression="u = w + 1; v = w + 3; loss = u * v", values={"w": 1.0})
SILENT = Blame(expression="p = relu(w*x + b); loss = (t - p)**2", values={"w": -0.7, "x": 1.0, "b": 0.3, "t": 1.0})


def says(blame):
    return blame.describe(blame.compute())


def slope(blame, name):
    return blame.graph.slope(blame.choose(name).selected)


def test_the_slides_sentences_are_true_of_the_first_neuron():
    assert says(Blame().choose("w1")).startswith(
        "For the loss to go down by 0.1, p must go up by 0.05. For p to go up by 0.05, w₁ must go up by 0.09."
    )
    assert "For p to go up by 0.05, w₂ must go down by 0.12." in says(Blame().choose("w2"))


def test_a_promise_is_minus_the_amount_over_the_slope():
    for name, expected in (("p", 0.05), ("w1", 0.05 / 0.56), ("w2", -0.05 / 0.42), ("b", 0.05)):
        blame = Blame().choose(name)
        assert blame.compute().changes[blame.selected] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("blame", "promised", "real"),
    [
        (Blame().choose("w1").nudge(), -0.1, -0.0974),
        (Blame().nudge_all(), -0.3, -0.276),
        (Blame(amount=1.0).choose("w1").nudge(), -1.0, -0.711),
        (PATHS.choose("w").nudge(), -0.1, -0.0997),
    ],
)
def test_what_the_lesson_says_of_nudges(blame, promised, real):
    result = blame.compute()
    assert result.promised == pytest.approx(promised)
    assert result.real == pytest.approx(real, abs=5e-4 if real < -0.2 else 5e-5)


# What the lesson tells the reader to try: each number that it quotes stands on the screen


def tells(blame, *pieces):
    """The widget's sentence holds these pieces, and so does the lesson."""
    for piece in pieces:
        assert piece in says(blame), says(blame)
        assert piece in LESSON, piece


def written(blame):
    """What stands in the picture beneath each named number once the gradients have arrived everywhere."""
    while blame.can_step():
        blame = blame.step()
    picture = Picture(*Blame.size)
    picture.paint(blame, blame.compute())
    shown = [node.name for node in blame.graph.nodes if node.kind != "constant"]
    texts = (text.get_text() for text in picture._artists.blames)
    return dict(zip(shown, texts, strict=True))


def test_the_first_example_has_every_gradient_that_the_table_of_the_lesson_derives():
    assert written(THREE) == {"w": "6", "x": "4", "z": "2", "t": "−2", "e": "2", "loss": "1"}
    for piece in ("of e: 1 · 2 = 2", "of z: 2 · 1 = 2, of t: 2 · (−1) = −2", "of w: 2 · 3 = 6, of x: 2 · 2 = 4"):
        assert piece in LESSON
    assert "when it goes up by 0.01, the loss goes up by about 0.06" in says(THREE.choose("w"))
    assert "w must go" not in says(THREE) and "6" not in says(THREE), "the answer to the bet"


def test_add_passes_on_multiply_swaps_max_chooses():
    assert written(PATTERNS) == {"a": "4", "b": "4", "s": "4", "c": "3", "p": "1", "d": "0", "loss": "1"}
    for piece in ("what s got, 4", "s gets 1 · c = 4, and c gets 1 · s = 3", "d gets 0"):
        assert piece in LESSON


def test_to_try_the_slides_neuron():
    tells(Blame().choose("w1").nudge(), "0.0974")
    tells(Blame().nudge_all(), "0.276")
    tells(Blame(amount=1.0).choose("w1").nudge(), "0.711")
    assert "gradient of p is −0.1 / 0.05 = −2" in LESSON and slope(Blame(), "p") == -2


def test_to_try_two_paths():
    tells(PATHS.choose("w").nudge(), "0.017", "0.0997")
    assert "Its slope is 6" in LESSON and "(Its slope is 6.)" in says(PATHS.choose("w"))
    both = PATHS.choose("w").nudge().choose("u").nudge().choose("v").nudge()
    assert len(both.nudged) == 3


def test_what_the_lesson_says_came_of_its_bets():
    assert BETS["three operations"] == "0.06" and slope(THREE, "w") == 6
    assert BETS["all together"] == "less than 0.29" and Blame().nudge_all().compute().real > -0.29
    assert BETS["two paths"] == "6, the sum" and slope(PATHS, "w") == 6
    assert all(f'ex.BETS["{name}"]' in "".join(cell.source for cell in BOOK.cells) for name in BETS)


def test_no_heading_and_no_text_above_a_bet_of_the_lesson_tells_its_answer():
    above = {
        "goes up by about": "0.06",
        "less than 0.29": "0.276",
        "4, the larger one": "meet, they",
    }
    for bet, answer in above.items():
        at = next(i for i, cell in enumerate(BOOK.cells) if cell.cell_type == "code" and bet in cell.source)
        before = "\n".join(cell.source for cell in BOOK.cells[:at])
        assert answer not in before, (bet, answer)
    for heading in ("adds up", "Nobody to blame"):
        assert not any(line.startswith("#") and heading in line for line in LESSON.splitlines())


def test_small_promises_are_kept_better():
    gaps = []
    for amount in (1.0, 0.1, 0.01):
        result = Blame(amount=amount).choose("w1").nudge().compute()
        gaps.append(abs(result.real - result.promised) / amount)
    assert gaps[0] > 5 * gaps[1] > 25 * gaps[2]


def test_an_inner_node_can_be_nudged_and_what_made_it_stays():
    blame = Blame().choose("p").nudge()
    result = blame.compute()
    assert result.real == pytest.approx(0.95**2 - 1)
    w1 = blame.choose("w1").selected
    assert result.after[w1] == result.before[w1]


def test_blame_adds_up_where_paths_meet():
    assert slope(PATHS, "w") == 6 and slope(PATHS, "u") == 4 and slope(PATHS, "v") == 2


def test_slope_zero_and_data_have_their_own_sentences():
    assert slope(SILENT, "p") == -2
    assert says(SILENT.choose("w")).startswith("w has slope 0:")
    assert SILENT.choose("w").nudge().nudged == ()
    assert "x is data, not a weight" in says(SILENT.choose("x"))


def test_slopes_agree_with_finite_differences():
    blame = Blame(expression="sigmoid(a*b - exp(c)/2)**3 + maximum(a, c)", values={"a": 0.7, "b": -1.2, "c": 0.4})
    for name in "abc":
        number = blame.choose(name).selected
        up, down = (float(blame.graph.forward({number: h})[-1]) for h in (1e-5, -1e-5))
        assert slope(blame, name) == pytest.approx((up - down) / 2e-5, abs=1e-8)


def test_step_walks_from_the_loss_to_the_weights_and_ends():
    blame, visited = Blame(), []
    while (after := blame.step()) is not blame:
        blame = after
        visited.append(blame.selected)
    assert visited == sorted(visited, reverse=True) and len(visited) == 10 == len(set(visited))


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_a_click_chooses_the_node_under_it(kind):
    for number, (x, y) in places(Blame().graph, kind).items():
        assert Blame().pointer(Pointer("down", kind, x + 0.1, y - 0.1)).selected == number


def test_a_nudge_that_would_move_nothing_is_grey_and_the_sentence_says_why():
    for blame, why in (
        (Blame(), "choose a node"),
        (Blame().choose("x1"), "nothing to nudge"),
        (Blame().choose("loss"), "cannot be nudged"),
        (SILENT.choose("w"), "no nudge of it would help"),
        (Blame().choose("w1").nudge(), "Nudged: w₁"),
    ):
        assert "nudge" in blame.idle_controls() and blame.nudge() is blame
        assert why in blame.describe(blame.compute())
    assert Blame().choose("w1").idle_controls() == ["restore"]
    assert "restore" not in Blame().choose("w1").nudge().idle_controls()


def test_keys_visit_every_node_nudge_and_take_back():
    blame, visited = Blame(), set()
    for _ in range(13):
        blame = blame.key("ArrowRight")
        visited.add(blame.selected)
    assert len(visited) == 13
    nudged = Blame().choose("w1").key("Enter")
    assert len(nudged.nudged) == 1 and nudged.key("Delete").nudged == ()


def test_code_reproduces_nudges():
    for blame in (Blame().choose("w1").nudge(), Blame().nudge_all().choose("p"), PATHS.choose("u").nudge()):
        names = {}
        exec(blame.code(), names)
        for name, value in blame.code_results(blame.compute()).items():
            np.testing.assert_allclose(getattr(names[name], "data", names[name]), value)


def network():
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Dense(2, 3, rng=rng), dl.tanh, dl.Dense(3, 1, rng=rng))
    loss = dl.squared_error(model(np.array([[0.5, -1.0]], np.float32)), np.array([[1.0]], np.float32))
    return model, loss


def test_a_graph_of_ones_own_is_drawn_and_left_as_it_was():
    model, loss = network()
    names = [parameter.name for parameter in model.parameters()]
    blame = Blame.of(loss, names=model.named_parameters())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert [parameter.name for parameter in model.parameters()] == names
    number = blame.choose("0.weight").selected
    loss.backward()
    assert abs(blame.graph.slope(number)) == pytest.approx(np.abs(model.layers[0].weight.grad).max())
    result = blame.replace(amount=0.01).choose("0.weight").nudge().compute()
    assert result.real == pytest.approx(-0.01, rel=0.2)
    assert "of 6 entries" in says(blame.choose("0.weight"))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Blame(expression="w*(x"), ArgumentError, "parenthesis"),
        (lambda: Blame(expression="__import__('os')"), ArgumentError, "not known here"),
        (lambda: Blame(expression="w.__class__"), ArgumentError, "not allowed here"),
        (lambda: Blame(expression="[w for w in x]"), ArgumentError, "not allowed here"),
        (lambda: Blame(expression="w*q", values={"w": 1}), ArgumentError, "'q' has no value"),
        (lambda: Blame(expression="tanh(w1, w2)"), ArgumentError, "takes 1 value"),
        (lambda: Blame(expression="1 + 2"), ArgumentError, "nothing can move"),
        (lambda: Blame(expression="x1 + x2"), GradientError, "nobody to blame"),
        (lambda: Blame(expression="+".join(["w1"] * 100)), ArgumentError, "nodes"),
        (lambda: Blame(expression="w1" * 300), ArgumentError, "characters"),
        (lambda: Blame(expression=3), WrongTypeError, "text"),
        (lambda: Blame(values={"w1": "a"}), WrongTypeError, "names to numbers"),
        (lambda: Blame(expression="log(w)", values={"w": -1.0}), DataError, "not finite"),
        (lambda: Blame.of(3.0), WrongTypeError, "dl.Tensor"),
        (lambda: Blame.of(dl.Parameter([1.0, 2.0]) * 2), ShapeError, "one number"),
        (lambda: Blame().choose("q"), ArgumentError, "no node 'q'"),
    ],
)
def test_mistakes_get_a_sentence(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_a_slope_without_end_promises_nothing():
    blame = Blame(expression="sqrt(w)", values={"w": 0.0}).choose("w")
    assert "w has no finite slope here" in blame.describe(blame.compute())
    assert blame.nudge() is blame and blame.nudge_all() is blame
    assert "change" not in blame.code_results(blame.compute()) and "change =" not in blame.code()
