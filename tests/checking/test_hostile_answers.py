"""A check never trusts an answer: whatever it does, one sentence comes out and the notebook runs on."""

import inspect
import threading
import time

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Exercise, Lesson, change
from dlcourse.errors import CourseError
from dlcourse.exercises import (
    backpropagation,
    beyond,
    convolutional,
    filters_that_nobody_wrote,
    fully_connected,
    jacobian_and_hessian,
    learning_a_new_representation,
    recurrent,
    single_neuron,
    supervised_learning,
    when_things_get_intense,
)
from tests.exercises import plain_neuron as ex


def sigmoid(x: np.ndarray, w: np.ndarray, b: float) -> float:
    return 1 / (1 + np.exp(-(w @ x + b)))


def endless(x, w, b):
    while True:
        pass


def endless_and_stubborn(x, w, b):
    end = time.monotonic() + 6
    while time.monotonic() < end:
        try:  # noqa: SIM105
            time.sleep(0.001)
        except:  # noqa: E722
            pass


def asleep(x, w, b):
    time.sleep(6)


def chatty(x, w, b):
    print("z =", w @ x + b)
    return sigmoid(x, w, b)


def in_place(x, w, b):
    w *= x
    return 1 / (1 + np.exp(-(w.sum() + b)))


def ends_everything(x, w, b):
    raise SystemExit


def multiplies_wrongly(x, w, b):
    return sigmoid(x, np.concatenate([w, w]), b)


def says(capsys: pytest.CaptureFixture[str], name: str, answer: object, lesson: Lesson = ex.EXERCISES) -> str:
    assert lesson.check(name, answer) is None
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out
    assert captured.err == ""
    assert captured.out.startswith(f"{name}: ")
    return captured.out


@pytest.mark.parametrize("answer", [endless, endless_and_stubborn, asleep])
def test_an_answer_that_does_not_come_back_is_stopped_and_its_line_named(capsys, answer) -> None:
    began = time.monotonic()
    said = says(capsys, "neuron", answer)
    assert time.monotonic() - began < 4
    assert "had not come back after 2 seconds, so it was stopped" in said
    assert "in line" in said


def test_an_endless_loop_leaves_no_thread_behind(capsys) -> None:
    before = set(threading.enumerate())
    says(capsys, "neuron", endless)
    assert set(threading.enumerate()) <= before


def test_an_endless_loop_is_stopped_off_the_main_thread_too(capsys) -> None:
    thread = threading.Thread(target=ex.check, args=("neuron", endless))
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert "so it was stopped" in capsys.readouterr().out


def test_prints_are_swallowed(capsys) -> None:
    said = says(capsys, "neuron", chatty)
    assert said.startswith("neuron: right, on all 7 inputs.")
    assert said.count("\n") == 1


def test_an_argument_that_is_changed_is_named(capsys) -> None:
    assert "your function changed its argument w" in says(capsys, "neuron", in_place)


def test_the_answers_own_line_is_named_when_it_raises(capsys) -> None:
    said = says(capsys, "neuron", multiplies_wrongly)
    assert "neuron([1, 2], [0.5, -1], 0.25) raised ValueError: matmul" in said
    assert ": return 1 / (1 + np.exp(-(w @ x + b)))" in said
    assert "running.py" not in said
    assert "Print both shapes" in said


def test_an_answer_cannot_end_the_kernel(capsys) -> None:
    assert "raised SystemExit" in says(capsys, "neuron", ends_everything)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, w, b: None, "not attempted yet"),
        (lambda x, w, b: np.nan, "nan (not a number) where"),
        (lambda x, w, b: np.inf, "is infinite where"),
        (lambda x, w, b: "yes", "should be a number or an array, and yours is a str: 'yes'"),
        (lambda x, w, b: [sigmoid(x, w, b)], "should be a number or an array, and yours is a list"),
        (
            lambda x, w, b: np.array([sigmoid(x, w, b)]),
            "has shape (1,), and shape () is expected. The numbers are right, in",
        ),
        (lambda x, w, b: int(sigmoid(x, w, b)), "whole numbers (int64)"),
        (lambda x, w, b: -sigmoid(x, w, b), "opposite sign"),
        (lambda x, w, b: 2 * sigmoid(x, w, b), "twice what it should be"),
        (
            lambda x, w, b: 0.3,
            "not yet. 7 of 7 inputs give other numbers. neuron([1, 2], [0.5, -1], 0.25) gives 0.3, expected 0.2227",
        ),
        (lambda x, w: 0.3, "is called with 3 arguments (x, w, b), and yours takes x, w."),
        (lambda: 0.3, "yours takes nothing"),
        (0.3, "a function is expected, and this is a float: 0.3. Pass the function itself"),
        (None, "this is a NoneType"),
        (object, "yours takes nothing"),
    ],
)
def test_each_strange_answer_has_its_sentence(capsys, answer, words) -> None:
    assert words in says(capsys, "neuron", answer)


def test_a_forgotten_return_is_told_from_an_untouched_stub(capsys) -> None:
    def forgot(x, w, b):
        z = w @ x + b
        1 / (1 + np.exp(-z))

    assert "Is the return missing?" in says(capsys, "neuron", forgot)


def test_tensors_float32_and_lists_of_parts_are_welcome(capsys) -> None:
    def with_tensors(x, w, b):
        return dl.sigmoid(dl.Tensor(w) @ dl.Tensor(x) + b)

    def parts_in_a_list(a, b, g):
        return [np.float32(g / b) if np.ndim(g) == 0 else g / b, -g * a / b**2]

    assert "neuron: right" in says(capsys, "neuron", with_tensors)
    assert "division: right" in says(capsys, "division", parts_in_a_list, backpropagation.EXERCISES)


def test_a_wrong_shape_a_lost_part_and_swapped_parts(capsys) -> None:
    bank = backpropagation.EXERCISES
    said = says(capsys, "neuron_backward", lambda x, w, b, truth: 1.0, bank)
    assert "2 values are expected, separated by commas after return, and 1 came back." in said
    said = says(capsys, "division", lambda a, b, g: (g / b, None), bank)
    assert "db is None" in said


@pytest.mark.parametrize("result", [{}, {"AND": "x", "OR": 1, "NAND": None}, {"AND": (1, 1, np.nan)}, 5, [1, 2]])
def test_gates_survives_every_kind_of_result(capsys, result) -> None:
    assert "right" not in says(capsys, "gates", lambda: result, single_neuron.EXERCISES)


def test_an_object_that_raises_when_shown_or_compared(capsys) -> None:
    class Nasty:
        def __repr__(self) -> str:
            raise RuntimeError

        __eq__ = __array__ = __len__ = __repr__  # type: ignore[assignment]

    assert "Nasty" in says(capsys, "neuron", lambda x, w, b: Nasty())


DRAW = Exercise(
    name="draw",
    stub="def draw(n, rng):\n    return None\n",
    solution="def draw(n, rng):\n    return rng.permutation(n)\n",
    cases=lambda: [(n, np.random.default_rng(n)) for n in (3, 10)],
    measure=lambda value, n, rng: {"all": len(value) == n, "distinct": len(np.unique(value)) == len(value)},
    hints=("Shuffle.", "rng.permutation(n)"),
    wrong=(),
)


def test_numbers_that_rng_did_not_make_are_noticed_even_when_they_look_right() -> None:
    assert DRAW.examine(lambda n, rng: rng.choice(n, n, replace=False))[1].startswith("right, on all 2 inputs.")
    said = DRAW.examine(lambda n, rng: np.random.permutation(n))[1]  # noqa: NPY002
    assert said.startswith("what comes back looks right, and rng was never asked.")


def test_a_generator_in_a_message_has_a_name_and_no_address() -> None:
    said = DRAW.examine(lambda n, rng: rng.permutation(2))[1]
    assert "With draw(3, rng) this does not hold: all." in said


def test_what_cannot_be_measured_is_wrong_and_no_traceback() -> None:
    said = DRAW.examine(lambda n, rng: int(5 + 0 * rng.random()))[1]
    assert "gives 5, expected {'all': True, 'distinct': True}." in said


def test_an_answer_that_changes_a_dict_or_an_array_in_it_is_noticed() -> None:
    exercise = beyond.EXERCISES.exercises["take_over"]
    right = exercise.function(exercise.solution)

    def pops(weights):
        taken = right(weights)
        weights.popitem()
        return taken

    def shifts(weights):
        taken = right(weights)
        next(iter(weights.values()))[...] += 1
        return taken

    assert exercise.examine(lambda weights: right(dict(reversed(weights.items()))))[0]
    for answer in (pops, shifts):
        accepted, said = exercise.examine(answer)
        assert not accepted and "your function changed its argument weights" in said


def test_an_answer_that_changes_a_data_set_is_noticed_and_one_that_reads_it_is_not() -> None:
    def shifts(data):
        data.x += 1
        return data.x.mean()

    data = dl.data.Dataset(np.arange(6.0).reshape(3, 2), [0, 1, 0])
    middle = Exercise(
        name="middle",
        stub="def middle(data):\n    return None\n",
        solution="def middle(data):\n    return data.x.mean()\n",
        cases=[(data,)],
        hints=(),
        wrong=(),
    )
    assert middle.examine(lambda data: data.x.mean())[0]
    assert "your function changed its argument data" in middle.examine(shifts)[1]
    np.testing.assert_array_equal(data.x, np.arange(6.0).reshape(3, 2))


def test_a_long_call_names_its_arguments_and_a_short_one_shows_them() -> None:
    hidden = learning_a_new_representation.hidden
    said = hidden.examine(lambda x, weights, biases, k: x[:, 5] if k else x)[1]
    assert "hidden([[1, 2]], [[[1], [-0.5]], [[2]]], [[0.5], [-1]], 1) raised IndexError" in said
    said = hidden.examine(lambda x, weights, biases, k: x + 1 if k != 1 else np.array([[np.tanh(0.5)]]))[1]
    assert "hidden(x, weights, biases, 0)" in said


def test_a_shape_in_a_message_keeps_its_comma() -> None:
    assert shown((3,)) == "(3,)"
    assert shown((3, 4)) == "(3, 4)"
    assert shown(()) == "()"


def test_rows_of_different_lengths_where_an_array_is_expected(capsys) -> None:
    said = says(capsys, "division", lambda a, b, g: ([[1.0], [1.0, 2.0]], g * a), backpropagation.EXERCISES)
    assert "da should be a number or an array, and yours is a list" in said


def test_an_unknown_name_lists_the_names() -> None:
    with pytest.raises(CourseError, match=r"no exercise 'neurone' in this lesson. There are: neuron\."):
        ex.check("neurone", endless)
    with pytest.raises(CourseError, match="no exercise"):
        ex.hint("neurone")
    with pytest.raises(CourseError, match="no exercise"):
        ex.solution(5)


def test_a_wrong_answer_must_differ_in_exactly_one_place() -> None:
    with pytest.raises(CourseError, match="'z' occurs 2 times in the solution, not once"):
        change("z + z", "z", "y")


def test_no_neuron_gets_more_than_six_corners_of_parity() -> None:
    rng = np.random.default_rng(0)
    right = single_neuron.parity.measure
    assert right is not None
    assert max(right((w, b)) for w, b in zip(rng.uniform(-3, 3, (5000, 3)), rng.uniform(-3, 3, 5000), strict=True)) == 6


def test_the_backward_solutions_agree_with_the_engine() -> None:
    rng = np.random.default_rng(1)
    x, w1, w2, g = (rng.normal(size=s) for s in ((6, 3), (3, 4), (4, 4), (6, 4)))
    a, b = dl.Tensor(w1, requires_grad=True), dl.Tensor(w2, requires_grad=True)
    h = dl.tanh(dl.Tensor(x) @ a)
    (h @ b + h).backward(g)
    fixed = backpropagation.fix_backward
    dw1, dw2 = fixed.function(fixed.solution)(x, w1, w2, g)
    np.testing.assert_allclose(dw1, a.grad)
    np.testing.assert_allclose(dw2, b.grad)

    w = dl.Tensor(rng.normal(size=3), requires_grad=True)
    c = dl.Tensor(np.array(0.3), requires_grad=True)
    truth = rng.normal(size=6)
    ((dl.tanh(dl.Tensor(x) @ w + c) - truth) ** 2).mean().backward()
    one = backpropagation.neuron_backward
    dw, db = one.function(one.solution)(x, w.numpy(), 0.3, truth)
    np.testing.assert_allclose(dw, w.grad)
    np.testing.assert_allclose(db, c.grad)


def test_delta_jacobian_and_hessian_agree_with_the_engine() -> None:
    bank = when_things_get_intense.EXERCISES.exercises | jacobian_and_hessian.EXERCISES.exercises
    solved = {name: exercise.function(exercise.solution) for name, exercise in bank.items()}
    rng = np.random.default_rng(7)
    z, w, delta = (rng.normal(size=s) for s in ((4,), (4, 3), (3,)))
    hidden = dl.Tensor(z, requires_grad=True)
    (dl.sigmoid(hidden) @ w).backward(delta)
    np.testing.assert_allclose(solved["hidden_delta"](z, w, delta), hidden.grad)

    x, w1, w2, w3 = (rng.normal(size=s) for s in ((4,), (4, 3), (3, 5), (5,)))
    leaf = dl.Tensor(x, requires_grad=True)
    (dl.tanh(dl.tanh(leaf @ w1) @ w2) @ w3).backward()
    np.testing.assert_allclose(solved["input_gradient"](x, w1, w2, w3), leaf.grad)

    weight, bias = (dl.Tensor(rng.normal(size=s), requires_grad=True) for s in ((3, 4), (3,)))
    (dl.sigmoid((weight * x).sum(axis=1) + bias) * w3[:3]).sum().backward()
    for by_hand, leaf in zip(solved["fix_slide"](x, weight.data, bias.data, w3[:3]), (weight, bias), strict=True):
        np.testing.assert_allclose(by_hand, leaf.grad)

    x, w, b = (rng.normal(size=s) for s in ((5,), (5, 2), (2,)))
    np.testing.assert_allclose(solved["jacobian"](x, w, b), dl.jacobian(lambda x: dl.tanh(x @ w + b), x))

    a, b = rng.normal(size=(3, 3)), rng.normal(size=3)
    curved = dl.hessian(lambda w: w @ a @ w + (w * b).sum(), rng.normal(size=3))
    np.testing.assert_allclose(solved["hessian"](a, b), curved, atol=1e-6)


def test_layers_built_by_hand_agree_with_the_library() -> None:
    def solved(lesson: Lesson, name: str):
        exercise = lesson.exercises[name]
        return exercise.function(exercise.solution)

    rng = np.random.default_rng(11)
    pictures, kernel = rng.normal(size=(5, 4, 6, 1)), rng.normal(size=(3, 2))
    np.testing.assert_allclose(
        pictures.reshape(5, 24) @ solved(fully_connected.EXERCISES, "as_dense")(kernel, 4, 6),
        dl.conv2d(pictures, kernel[:, :, None, None]).data.reshape(5, -1),
    )
    word, wx, wh, b = (rng.normal(size=s) for s in ((6, 3), (3, 4), (4, 4), (4,)))
    states = dl.simple_rnn(word[None], wx, wh, b, np.zeros((1, 4))).data[0]
    np.testing.assert_allclose(solved(recurrent.EXERCISES, "unroll")(word, wx, wh, b), states)
    step = solved(recurrent.EXERCISES, "rnn_step")
    np.testing.assert_allclose(step(word[1:2], states[:1], np.array([True]), wx, wh, b), states[1:2])

    image, kernel = rng.normal(size=(7, 6)), rng.normal(size=(3, 2))
    np.testing.assert_allclose(
        solved(convolutional.EXERCISES, "convolve")(image, kernel),
        dl.conv2d(image[None, ..., None], kernel[..., None, None]).data[0, ..., 0],
    )
    made = dl.conv2d(image[None, ..., None], kernel[:3, :, None, None]).data[0, ..., 0]
    with_a_column_more = np.column_stack([kernel, np.zeros(3)])
    np.testing.assert_allclose(
        solved(convolutional.EXERCISES, "find_kernel")(image, made[:, :4]), with_a_column_more, atol=1e-9
    )
    days, weights = rng.normal(size=9), rng.normal(size=3)
    padded = np.concatenate([np.zeros(4), days])[None, None, :, None]
    np.testing.assert_allclose(
        solved(filters_that_nobody_wrote.EXERCISES, "causal")(days, weights, 2),
        dl.conv2d(padded, weights[None, :, None, None], dilation=(1, 2)).data[0, 0, :, 0],
    )
    sees = solved(filters_that_nobody_wrote.EXERCISES, "receptive_field")
    for layers in ([(3, 1, 1), (2, 2, 1), (3, 1, 2)], [(3, 2, 1), (3, 2, 1)], [(4, 1, 2), (2, 3, 1), (3, 1, 1)]):
        picture = dl.Tensor(rng.random((1, 1, 60, 1)), requires_grad=True)
        number = picture
        for size, step, apart in layers:
            number = dl.conv2d(number, np.ones((1, size, 1, 1)), stride=(1, step), dilation=(1, apart))
        number[0, 0, 5].sum().backward()
        (places,) = picture.grad[0, 0, :, 0].nonzero()
        assert places[-1] - places[0] + 1 == sees(layers)
    widths = solved(convolutional.EXERCISES, "widths")
    for kernel_size, stride in ((1, 1), (3, 2), (4, 3)):
        layer = dl.Conv2D(1, 1, kernel_size, stride=stride, rng=rng)
        fit = [n for n in range(kernel_size, 40) if layer(np.zeros((1, n, n, 1))).shape[1] == 9]
        assert fit == widths(9, kernel_size, stride, 0)


def test_no_line_near_the_fitted_one_has_a_smaller_error() -> None:
    rng = np.random.default_rng(1)
    fit = supervised_learning.fit_line.function(supervised_learning.fit_line.solution)
    x, y = rng.normal(size=(2, 20))
    w, b = fit(x, y)
    least = np.mean((w * x + b - y) ** 2)
    assert all(np.mean(((w + u) * x + b + v - y) ** 2) > least for u, v in rng.normal(size=(200, 2)) * 0.1)


def from_what_has_no_number(x, y):
    w, b = np.polyfit(np.log(x), y, 1)  # log of 0
    return w, b


def from_one_place(x, y):
    w, b = np.polyfit(x - x, y / 0, 1)
    return w, b


def by_an_import_of_its_own(x, y):
    from numpy.polynomial import Polynomial

    b, w = Polynomial.fit(np.log(x), y, 1).convert().coef
    return w, b


@pytest.mark.parametrize("answer", [from_what_has_no_number, from_one_place, by_an_import_of_its_own])
def test_lapack_writes_nothing_past_python_and_numpy_is_as_it_was(answer, capfd):
    fits = inspect.unwrap(np.polyfit).__globals__
    before = np.linalg.lstsq, fits["lstsq"]
    supervised_learning.check("fit_line", answer)
    written = capfd.readouterr()
    assert "DLASCL" not in written.out + written.err and "did not converge" in written.out
    assert before == (np.linalg.lstsq, fits["lstsq"])
