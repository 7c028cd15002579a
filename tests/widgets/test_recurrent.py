"""Unroll and Gates: what lesson 12 describes really happens, and the numbers are those of plain NumPy."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, WrongTypeError
from dlcourse.exercises.recurrent import BETS
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Gates, Unroll
from dlcourse.widgets.recurrent.gates.layout import HEIGHT, strips
from dlcourse.widgets.recurrent.memory import follow, fresh_cell
from dlcourse.widgets.recurrent.picture import LEAST, MOST, apart


def left(cell, **changes):
    """What is left after all letters of the text."""
    return Unroll(**changes).compute().left[cell][-1]


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


def test_a_layer_that_explodes_is_shown_and_one_of_nan_explained():
    layer = dl.SimpleRNN(27, 4, rng=np.random.default_rng(0))
    layer.weight_x.data[:], layer.weight_h.data[:] = 0, 1e4 * np.eye(4)
    wild = Unroll(layer=layer, cell="yours", letters=40)
    assert "yours beyond all numbers" in wild.describe(wild.compute()) and picture_png(wild)
    layer.weight_h.data[:] = np.nan
    with pytest.raises(DataError, match="the state of your layer"):
        Unroll(layer=layer, cell="yours").compute()


@pytest.mark.parametrize("kind", [Unroll, Gates])
@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_is_small_and_moves(kind, dark):
    picture = Picture(*kind.size, dark=dark)
    first = picture.paint(kind(), kind().compute()).copy()
    moved = kind().step()
    assert (picture.paint(moved, moved.compute()) != first).any(axis=2).mean() > 0.001
    assert len(picture_png(kind(), dark=dark)) < 30_000


def says(widget):
    return widget.describe(widget.compute())


def test_a_curve_that_leaves_the_picture_says_so_in_it():
    from matplotlib.figure import Figure

    from dlcourse.live import style

    def labels(**settings):
        widget = Unroll(**settings)

        def drawn():
            artists = widget.draw(Figure(widget.size))
            widget.paint(artists, widget.compute())
            return artists

        below = style.themed(False, drawn).below
        ticks = [text.get_text() for text in below.now.axes.get_yticklabels()]
        return {text.get_text().split()[0]: text.get_text().strip() for text in below.labels}, ticks

    shut, ticks = labels(keep=-2.0)
    assert ticks[0] == "≤10⁻⁶" and ticks[-1] == "≥10⁴"
    assert shut["GRU"].endswith("·10⁻⁹ ↓") and shut["LSTM"].endswith("↓") and "↓" not in shut["RNN"]
    assert labels(scale=3.0)[0]["RNN"].endswith("↑")


# Gates


@pytest.mark.parametrize("keep", [-2.0, 1.0, 5.0])
def test_the_gates_make_the_states_of_the_library(keep):
    for cell in ("LSTM", "GRU"):
        result = Gates(cell=cell, keep=keep).compute()
        states, _ = follow(fresh_cell(cell, keep=keep), result.text)
        np.testing.assert_allclose(result.state, states, atol=2e-6)
        np.testing.assert_allclose(result.after, result.keep * result.before + result.write * result.new, atol=1e-12)
        np.testing.assert_array_equal(result.before[1:], result.after[:-1])
        assert ((result.keep > 0) & (result.keep < 1) & (result.write > 0) & (result.write < 1)).all()


def test_things_to_try_with_the_same_letter():
    shares = [says(Unroll(word="a", below="state", read=n)) for n in (1, 4, 30)]
    assert "changed it by 62%" in shares[1] and "changed it by 4%" in shares[2]
    assert "changed it by 1%" in says(Unroll(word="a", below="state", read=8, scale=0.5))
    assert all("same 704 weights" in says(Unroll(letters=n)) for n in (30, 60))
    assert BETS["aaaa"].endswith("then they settle")


def test_things_to_try_with_what_is_left():
    assert BETS["rotation"] == "a few hundredths" and 0.02 < left("RNN") < 0.1
    assert left("RNN", scale=0.8) < 1e-3 and left("RNN", scale=3.0) > 1e4
    assert 0.9 < left("RNN", scale=1.2) < 1.3
    assert "Of one before the first letter: RNN 0.29" in says(Unroll(scale=1.2).new_weights().new_weights())


def test_things_to_try_with_the_gates():
    widget = Gates()
    assert "Number 1: c = 0.745 · 0.000 + 0.497 · 0.175 = 0.087" in says(widget)
    while (following := widget.step()) is not widget:
        widget = following
    assert "has read 30 of 30" in says(widget)
    shut, wide = Gates(keep=-2.0, read=5), Gates(keep=5.0, read=5)
    assert "f keeps 0.125 of the memory" in says(shut) and "f keeps 0.993 of the memory" in says(wide)
    assert np.abs(wide.compute().after[-1]).max() > 5 > 1 > np.abs(Gates().compute().after[-1]).max()


def test_the_price_of_an_open_gate():
    asked = Gates(cell="GRU", keep=5.0, read=30, covered=True)
    assert "stays hidden" in says(asked) and "0.03" not in says(asked) and asked.key("ArrowUp") is asked
    assert asked.step() is asked and not np.any(asked.pointer(Pointer("down", "wide", 2.0, 2.0)).unit - 1)
    assert BETS["price"] == "about 0.03, a seventh"
    open_gate, before = says(asked.replace(prediction=BETS["price"])), says(Gates(cell="GRU", read=30))
    assert "z keeps 0.993 of the memory and 1 − z lets in 0.007" in open_gate
    assert "largest number in the memory is 0.032" in open_gate and "largest number in the memory is 0.228" in before
    assert 6.5 < 0.228 / 0.032 < 7.5
    assert "largest number in the memory is 5.257" in says(Gates(keep=5.0, read=30))
    assert "largest number in the memory is 0.464" in says(Gates(read=30)) and 11 < 5.257 / 0.464 < 12
    assert "i lets in 0.474" in says(Gates(keep=5.0, read=30))
    assert "largest number in the memory is 0.002" in says(Gates(cell="GRU", keep=8.0, read=30))
    assert "GRU 0.82" in says(Unroll(keep=5.0, read=1)) and left("LSTM", keep=5.0) > 1
    assert "GRU 0.0045" in says(Unroll(keep=1.0, read=1))


def test_numbers_and_letters_by_hand_and_keys():
    widget = Gates(read=5)
    for narrow in (False, True):
        for x, y in strips("LSTM", narrow=narrow).values():
            third = Pointer("down", "narrow" if narrow else "wide", x, y + HEIGHT * (1 - 2.5 / 16))
            assert widget.pointer(third).unit == 3
    assert widget.pointer(Pointer("down", "wide", 0.05, 0.05)) is widget
    assert widget.key("ArrowRight").read == 6 and widget.key("ArrowLeft").read == 4
    assert widget.key("ArrowDown").unit == 2 and widget.key("ArrowUp").unit == 1
    assert widget.new_weights().compute().keep[0, 0] != widget.compute().keep[0, 0]


def test_while_one_state_is_shown_only_the_settings_of_its_cell_are_there_and_told():
    for cell, missing in (("RNN", {"keep"}), ("GRU", {"scale"}), ("LSTM", {"scale"})):
        widget = Unroll(cell=cell, below="state")
        assert set(widget.absent_controls()) == missing
        said = widget.describe(widget.compute())
        assert ("Gates: bias 1." in said) == ("keep" not in missing)
        assert ("RNN: scale of Wₕ 1." in said) == ("scale" not in missing)
        other = widget.replace(**dict.fromkeys(missing, 2.0))
        assert np.array_equal(other.compute().states, widget.compute().states)
    assert not Unroll(below="nudge").absent_controls()
