"""NameWriter: what lesson 12b describes really happens, and the numbers are those of plain NumPy."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.exercises.writing_names import BETS
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import NameWriter
from dlcourse.widgets.writing_names.training import BLIND, bigram_loss, letter_loss, write


def trained(steps, **changes):
    writer = NameWriter(**changes)
    for _ in range(steps):
        writer = writer.step()
    return writer


@pytest.fixture(scope="module")
def taught():
    """A network that has seen 400 minibatches of given names."""
    return trained(20)


# NameWriter: what the lesson says one will see


def test_the_network_beats_the_bigram_table_and_writes_new_names(taught):
    result = taught.compute()
    assert taught.present().curve[-1][2] < result.bigram - 0.15
    assert result.bigram < BLIND - 0.5
    known = set(dl.data.names())
    numbers, _ = write(taught.present().model, temperature=1.0, seed=1, count=500)
    words = ["".join(chr(96 + n) for n in row if n) for row in numbers]
    assert np.mean([bool(word) and word not in known for word in words]) > 0.8


def test_cold_is_real_and_alike_hot_is_noise(taught):
    def kinds(temperature):
        numbers, first = write(taught.present().model, temperature=temperature, seed=0, count=200)
        return len({tuple(row) for row in numbers}), first.max()

    (few, sure), (more, _), (_, unsure) = kinds(0.2), kinds(1.0), kinds(3.0)
    assert few < 0.6 * more
    assert sure > 2 * unsure


def test_few_names_are_learned_by_heart():
    writer, shares, losses = NameWriter(words="elements"), [], []
    for updates in (80, 400):
        while writer.present().updates < updates:
            writer = writer.step()
        shares.append(sum(writer.compute().new))
        losses.append(writer.present().curve[-1][2])
    assert shares[1] < shares[0] / 2
    assert losses[1] > losses[0] + 0.5


def test_the_temperature_divides_the_logits(taught):
    model = taught.present().model
    logits = model(np.eye(27, dtype=np.float32)[[[0]]]).data[0, -1].astype(float)
    for temperature in (0.5, 1.0, 2.0):
        first = taught.replace(temperature=temperature).compute().first
        e = np.exp(logits / temperature)
        assert np.allclose(first, e / e.sum(), atol=1e-6)


# NameWriter: steps, hand, yours


def test_a_step_leaves_the_state_before_as_it_was():
    first = NameWriter()
    weights = [p.data.copy() for p in first.present().model.parameters()]
    second = first.step().step()
    assert second.present().updates == 40
    for before, p in zip(weights, first.present().model.parameters(), strict=True):
        assert np.array_equal(before, p.data)
    assert second.replace(cell="LSTM").present().updates == 0
    assert second.replace(temperature=0.3).present() is second.present()
    assert second.forget().present().updates == 0


def test_beginnings_are_typed_and_clicked(taught):
    widget = taught.key("m").pointer(Pointer("down", "after", 0.2, 0.1))
    assert widget.start == "ma"
    assert all(name.startswith("ma") for name in widget.compute().names)
    assert widget.key("Backspace").start == "m"
    assert widget.key("Delete").start == ""
    assert widget.key("Enter").draw_again == 1
    assert widget.again().compute().names != widget.compute().names
    assert widget.pointer(Pointer("down", "after", 27, 0.1)).start == "ma"


def test_your_own_names_and_your_own_model():
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.SimpleRNN(27, 6, return_sequences=True, rng=rng), dl.Dense(6, 27, rng=rng))
    words, unseen = ("tyrannosaurus", "stegosaurus", "allosaurus"), ("iguanodon",)
    before = [p.data.copy() for p in model.parameters()]
    widget = NameWriter(names=words, unseen=unseen, words="yours", model=model, cell="yours").step()
    names = {"names": words, "unseen": unseen, "model": model}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        assert np.allclose(names[name], value, rtol=1e-5), name
    assert all(np.array_equal(a, p.data) for a, p in zip(before, model.parameters(), strict=True))
    assert NameWriter(names=words, unseen=unseen, words="yours", model=model, cell="yours").present().curve[0][0] == 0
    assert "Your network has log-loss" in widget.describe(widget.compute())


def test_a_network_of_your_own_writes_only_when_it_is_chosen():
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.SimpleRNN(27, 6, return_sequences=True, rng=rng), dl.Dense(6, 27, rng=rng))
    mine = NameWriter(words="elements", model=model, cell="yours")
    assert mine.present().model.layers[0].units == 6
    assert mine.replace(cell="LSTM").present().model.layers[0].units == 32
    lacking = NameWriter(words="elements", cell="yours")
    assert "The GRU (give yours: model=…)" in lacking.describe(lacking.compute())


def test_an_empty_name_is_neither_new_nor_real():
    widget = NameWriter(words="elements")
    result = widget.compute()
    empty = result.names.index("")
    assert not result.new[empty]
    artists = widget.draw(Picture(*NameWriter.size).figure)
    widget.paint(artists, result)
    assert artists.notes[empty].get_text() == ""


def test_own_names_are_split_where_no_unseen_ones_are_given():
    widget = NameWriter(names=dl.data.names("elements"), words="yours").step()
    names = {"names": dl.data.names("elements")}
    exec(widget.code(), names)
    assert len(names["unseen"]) == 11
    assert np.array_equal(names["numbers"], widget.compute().numbers)


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"names": "anna"}, WrongTypeError, "not one text"),
        ({"names": ["Anna"]}, DataError, "'Anna'"),
        ({"names": ["anna", "otto"]}, DataError, "at least ten"),
        ({"unseen": ["anna"]}, ArgumentError, "give names"),
        ({"model": dl.relu}, WrongTypeError, "a network"),
        ({"model": dl.Sequential(dl.GRU(27, 4, rng=np.random.default_rng(0)))}, ShapeError, "return_sequences"),
    ],
)
def test_what_a_name_writer_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        NameWriter(**given)


def test_padding_does_not_count():
    logits = dl.Tensor(np.random.default_rng(0).normal(size=(1, 3, 27)))
    short = letter_loss(logits[:, :2], np.array([[4, 0]])).item()
    assert letter_loss(logits, np.array([[4, 0, -1]])).item() == pytest.approx(short)


def test_your_network_is_shown_as_it_is_when_the_widget_is_made():
    rng = np.random.default_rng(0)
    model = dl.Sequential(
        dl.SimpleRNN(27, 6, return_sequences=True, rng=rng), dl.Dropout(0.5, rng=rng), dl.Dense(6, 27, rng=rng)
    )
    mine = NameWriter(words="elements", model=model, cell="yours")
    early = mine.compute().first
    model.layers[2].bias.data[5] += 9.0  # trained on
    assert np.array_equal(mine.replace(temperature=2.0).replace(temperature=1.0).compute().first, early)
    late = NameWriter(words="elements", model=model, cell="yours").compute()
    assert late.first[5] > 0.99  # and nothing is dropped out of what it says
    assert np.array_equal(late.first, NameWriter(words="elements", model=model, cell="yours").compute().first)


@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_is_small_and_moves(dark):
    picture = Picture(*NameWriter.size, dark=dark)
    first = picture.paint(NameWriter(), NameWriter().compute()).copy()
    moved = NameWriter().step()
    assert (picture.paint(moved, moved.compute()) != first).any(axis=2).mean() > 0.001
    assert len(picture_png(NameWriter(), dark=dark)) < 30_000


def test_things_to_try_with_few_names():
    writer = trained(4, words="elements")
    assert writer.present().updates == 80
    draws = [writer.replace(draw_again=again).compute() for again in range(10)]
    assert np.mean([draw.new for draw in draws]) > 0.9
    assert np.mean([name.endswith("ium") for draw in draws for name in draw.names]) > 0.3
    while writer.present().updates < 400:
        writer = writer.step()
    assert "after 400 updates" in writer.describe(writer.compute())
    draws = [writer.replace(draw_again=again).compute() for again in range(10)]
    assert BETS["elements"].startswith("real names") and np.mean([draw.new for draw in draws]) < 0.4
    unseen = [row[2] for row in writer.present().curve]
    assert min(unseen) < unseen[-1] - 0.5


def test_the_bigram_table_is_the_one_counted_by_hand():
    loss = bigram_loss(["ab", "ab", "b"], ["ab"])
    added = np.geomspace(0.01, 10, 10)
    start, after_a, after_b = (
        (2 + added) / (3 + 27 * added),
        (2 + added) / (2 + 27 * added),
        (3 + added) / (3 + 27 * added),
    )
    assert loss == pytest.approx((-np.log(start * after_a * after_b) / 3).min())


def test_the_code_of_a_trained_state():
    widget = trained(1, words="elements", temperature=0.7, start="si")
    names = {}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        assert np.allclose(names[name], value, rtol=1e-5), name
    assert "unseen_loss" in widget.code_results(widget.compute())
