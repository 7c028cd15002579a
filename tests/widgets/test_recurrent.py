"""Unroll and NameWriter: what lesson 12 describes really happens, and the numbers are those of plain NumPy."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import NameWriter, Unroll
from dlcourse.widgets.recurrent.memory import follow, fresh_cell
from dlcourse.widgets.recurrent.names.training import BLIND, bigram_loss, letter_loss, write
from dlcourse.widgets.recurrent.picture import LEAST, MOST, apart


def left(cell, **changes):
    """What is left after all letters of the text."""
    return Unroll(**changes).compute().left[cell][-1]


def trained(steps, **changes):
    writer = NameWriter(**changes)
    for _ in range(steps):
        writer = writer.step()
    return writer


@pytest.fixture(scope="module")
def taught():
    """A network that has seen 400 minibatches of given names."""
    return trained(100)


# Unroll: the picture


@pytest.mark.parametrize("below", ["nudge", "state"])
def test_a_longer_text_leaves_what_stands_still_as_it_is(below):
    assert len({Unroll(letters=letters, below=below).background() for letters in (3, 10, 11, 20, 31, 60)}) == 1


@pytest.mark.parametrize(("letters", "ticks"), [(4, "10 8 6 4 2 0"), (18, "20 15 10 5 0"), (60, "60 50 40 30 20 10 0")])
def test_there_are_as_many_arrows_as_letters_and_round_ticks(letters, ticks):
    picture = Picture(*Unroll.size)
    for widget in (Unroll(letters=33), Unroll(letters=letters)):  # the second on the background of the first
        picture.paint(widget, widget.compute())
    artists, columns = picture._artists, min(letters, 10)
    assert len(artists.arrows.up_heads.get_xdata()) == len(artists.arrows.along_heads.get_xdata()) == columns
    assert [labels[0].get_visible() for labels in artists.arrows.weights] == [place < columns for place in range(10)]
    assert [text.get_text() for text in artists.ticks.labels if text.get_visible()] == ticks.split()[::-1]
    assert artists.ticks.marks.axes.get_xlim() == (int(ticks.split()[0]), 0)


# Unroll: the numbers


def test_the_state_is_what_plain_numpy_gives():
    layer = fresh_cell("RNN", scale=1.0, seed=0)
    h = np.zeros(16)
    for letter in "recurrent":
        h = np.tanh(layer.weight_x.data[ord(letter) - 96] + h @ layer.weight_h.data + layer.bias.data)
    widget = Unroll(word="recurrent", letters=9, read=9)
    assert np.allclose(widget.compute().states[-1], h, atol=1e-6)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_what_is_left_is_what_small_nudges_leave(kind):
    layer = fresh_cell(kind, scale=1.2, keep=2.0, seed=3)
    for p in layer.parameters():
        p.data = p.data.astype(np.float64)
    text, steps_back = "banana", 4
    _, lengths = follow(layer, text)
    x = np.eye(27)[[ord(c) - 96 for c in text]][None]
    lstm = kind == "LSTM"

    def run(x, state):
        if lstm:
            return [part.data[0] for part in layer.run(x, state)[1]]
        return [layer(x, state).data[0]]

    before = run(x[:, : len(text) - steps_back], None)
    columns = []
    for i in range(16):
        ends = []
        for sign in (1, -1):
            nudged = [part.copy()[None] for part in before]
            nudged[-1][0, i] += sign * 1e-5  # the state, or for an LSTM its cell
            ends.append(run(x[:, len(text) - steps_back :], tuple(nudged) if lstm else nudged[0])[-1])
        columns.append((ends[0] - ends[1]) / 2e-5)
    assert lengths[steps_back] == pytest.approx(np.linalg.norm(columns) / 4, rel=1e-6)
    assert lengths[0] == pytest.approx(1.0)


def test_without_tanh_a_rotation_would_keep_everything():
    """If letters weigh nothing, the state stays 0, tanh is straight there, and each step stretches by the scale."""
    layer = fresh_cell("RNN", scale=0.8)
    layer.weight_x.data[:] = 0
    assert np.allclose(follow(layer, "a" * 20)[1], 0.8 ** np.arange(21), rtol=1e-4)


# Unroll: what the lesson says one will see


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("word", ["recurrent", "banana"])
def test_at_scale_one_a_nudge_fades_at_80_percent_vanishes_at_2_grows(word, seed):
    assert 0.003 < left("RNN", word=word, seed=seed, scale=1.0) < 0.1
    assert left("RNN", word=word, seed=seed, scale=0.8) < 5e-4
    assert left("RNN", word=word, seed=seed, scale=0.5) < 1e-8
    assert left("RNN", word=word, seed=seed, scale=2.0) > 5


def test_the_lesson_s_own_numbers():
    assert left("RNN") == pytest.approx(0.04, abs=0.01)
    assert left("RNN", scale=3.0) > 10_000
    assert left("GRU", keep=1.0) < 0.01
    assert max(left(cell) for cell in ("RNN", "GRU", "LSTM")) < 10 * min(left(cell) for cell in ("RNN", "GRU", "LSTM"))
    assert left("GRU", keep=5.0) > 0.8


@pytest.mark.parametrize("seed", range(5))
def test_gates_that_stay_open_keep_a_nudge_and_others_lose_it(seed):
    for cell in ("GRU", "LSTM"):
        assert left(cell, seed=seed, keep=-2.0) < left("RNN", seed=seed, scale=0.8)
        assert left(cell, seed=seed, keep=0.0) < 1e-3
        assert left(cell, seed=seed, keep=5.0) > 0.75
    assert left("LSTM", seed=seed, keep=5.0) > 1, "an LSTM's gradient can grow, too"


def test_what_is_nearly_nothing_is_not_called_nothing():
    left = Unroll(keep=-2.0, letters=60).compute().left
    assert 1e-32 < left["LSTM"][60] < 1e-26  # its square is too small for float32


def test_order_counts():
    on, no = (Unroll(word=word, letters=2, read=2).compute().states[-1] for word in ("on", "no"))
    assert np.abs(on - no).max() > 0.1


@pytest.mark.parametrize(("cell", "weights"), [("RNN", 704), ("GRU", 2128), ("LSTM", 2816)])
def test_longer_texts_need_no_more_weights(cell, weights):
    assert {Unroll(cell=cell, letters=n).compute().weights for n in (1, 30, 60)} == {weights}


def test_the_same_letter_again_and_again_settles():
    states = Unroll(word="a", letters=30).compute().states
    change = np.linalg.norm(np.diff(states, axis=0), axis=1) / np.linalg.norm(states[1:], axis=1)
    assert change[2] > 0.5
    assert change[28] < 0.05
    first, last = (Unroll(word="a", below="state", read=n) for n in (4, 30))
    assert "changed it by 62%" in first.describe(first.compute())
    assert "changed it by 4%" in last.describe(last.compute())


# Unroll: hand, keys, yours


def test_a_word_is_typed():
    widget = Unroll().new_word()
    for key in "kayak":
        widget = widget.key(key)
    assert widget.word == "kayak"
    assert widget.key("Backspace").word == "kaya"
    assert widget.key("Delete").key("x").word == "x"
    assert Unroll(word="x").key("Backspace").afresh
    assert Unroll(word="abcdefghijklmnop").key("q").word == "abcdefghijklmnop"
    assert widget.key("ArrowRight").read == 2
    assert widget.key("ArrowLeft").read == 1


def test_play_reads_to_the_end():
    assert Unroll(letters=3, read=50).read == 3
    widget = Unroll(letters=3, read=1).step().step()
    assert widget.read == 3
    assert widget.step() is widget


def test_pointing_at_the_curves_moves_to_that_letter():
    assert Unroll().pointer(Pointer("down", "left", 10.2, 1.0)).read == 20
    assert Unroll().pointer(Pointer("drag", "left", 99.0, 1.0)).read == 1
    assert Unroll(below="state").pointer(Pointer("down", "left", 10.2, 0.0)).read == 10
    assert Unroll().pointer(Pointer("hover", "left", 10.0, 1.0)).read == 5


@pytest.mark.parametrize("kind", [dl.SimpleRNN, dl.GRU, dl.LSTM])
def test_your_own_layer(kind):
    layer = kind(27, 5, return_sequences=True, rng=np.random.default_rng(0))
    widget = Unroll(layer=layer, cell="yours", letters=12, read=7)
    result = widget.compute()
    names = {"layer": layer}
    exec(widget.code(), names)
    for name, value in widget.code_results(result).items():
        assert np.allclose(names[name], value, rtol=1e-5), name
    assert "left_yours" in names
    assert f"Your {kind.__name__} has read 7 of 12" in widget.describe(result)
    assert picture_png(widget)


def test_what_is_left_comes_after_the_answer():
    asked = Unroll(covered=True, read=1)
    assert "stays hidden" in asked.describe(asked.compute())
    answered = asked.replace(prediction="a few hundredths")
    assert "RNN 0.04" in answered.describe(answered.compute())
    closed = Picture(*Unroll.size).paint(asked, asked.compute()).copy()
    opened = Picture(*Unroll.size).paint(answered, answered.compute())
    assert (closed != opened).any(axis=2).mean() > 0.005


def test_numbers_have_true_minus_signs_and_powers_of_ten():
    widget = Unroll(scale=0.5, keep=-2.0, read=1)
    sentence = widget.describe(widget.compute())
    assert "bias −2" in sentence and "·10⁻¹⁰" in sentence
    assert "-" not in sentence and "from −0.33 to 0.31" in sentence
    quiet = Unroll(cell="GRU", keep=8.0, read=1)
    assert "from 0.00 to 0.00" in quiet.describe(quiet.compute())


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"word": ""}, ArgumentError, "small letters"),
        ({"word": "Anna"}, ArgumentError, "'Anna'"),
        ({"word": "a" * 17}, ArgumentError, "16 letters at most"),
        ({"layer": dl.Flatten()}, WrongTypeError, "take its recurrent layer"),
        ({"layer": dl.GRU(3, 4, rng=np.random.default_rng(0))}, ArgumentError, "yours reads 3"),
    ],
)
def test_what_unroll_cannot_be(given, error, text):
    with pytest.raises(error, match=text):
        Unroll(**given)


def test_labels_keep_apart_and_inside():
    low, high = np.log10([LEAST, MOST])
    for heights in ([0.0, 0.0, 0.0], [-20.0, -20.0, 3.9, 9.0], [4.0, 4.0, 4.0]):
        placed = sorted(apart(heights, 1.15, low, high))
        assert all(b - a > 1.149 for a, b in zip(placed, placed[1:], strict=False))
        assert low - 1e-9 <= placed[0] and placed[-1] <= high + 1e-9


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
    for updates in (20, 100):
        while writer.present().updates < 4 * updates:
            writer = writer.step()
        shares.append(sum(writer.compute().new))
        losses.append(writer.present().curve[-1][2])
    assert shares[1] < shares[0] / 2
    assert losses[1] > losses[0] + 0.5


def test_the_bigram_table_is_the_one_counted_by_hand():
    loss = bigram_loss(["ab", "ab", "b"], ["ab"])
    added = np.geomspace(0.01, 10, 10)
    start, after_a, after_b = (
        (2 + added) / (3 + 27 * added),
        (2 + added) / (2 + 27 * added),
        (3 + added) / (3 + 27 * added),
    )
    assert loss == pytest.approx((-np.log(start * after_a * after_b) / 3).min())


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
    assert second.present().updates == 8
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


def test_the_code_of_a_trained_state():
    widget = trained(5, words="elements", temperature=0.7, start="si")
    names = {}
    exec(widget.code(), names)
    for name, value in widget.code_results(widget.compute()).items():
        assert np.allclose(names[name], value, rtol=1e-5), name
    assert "unseen_loss" in widget.code_results(widget.compute())


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


@pytest.mark.parametrize("kind", [Unroll, NameWriter])
@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_is_small_and_moves(kind, dark):
    picture = Picture(*kind.size, dark=dark)
    first = picture.paint(kind(), kind().compute()).copy()
    moved = kind().step()
    assert (picture.paint(moved, moved.compute()) != first).any(axis=2).mean() > 0.001
    assert len(picture_png(kind(), dark=dark)) < 30_000


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


def test_a_layer_that_explodes_is_shown_and_one_of_nan_explained():
    layer = dl.SimpleRNN(27, 4, rng=np.random.default_rng(0))
    layer.weight_x.data[:], layer.weight_h.data[:] = 0, 1e4 * np.eye(4)
    wild = Unroll(layer=layer, cell="yours", letters=40)
    assert "yours beyond all numbers" in wild.describe(wild.compute()) and picture_png(wild)
    layer.weight_h.data[:] = np.nan
    with pytest.raises(DataError, match="the state of your layer"):
        Unroll(layer=layer, cell="yours").compute()
