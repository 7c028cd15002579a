"""Translate: every array stands where the picture says, the programs follow what is built, and lesson 24 tells what is true."""

import re
from functools import lru_cache

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import WrongTypeError
from dlcourse.exercises.beyond import BETS
from dlcourse.live.picture import Picture
from dlcourse.live.widget import Pointer
from dlcourse.translation.programs import program
from dlcourse.widgets import Translate
from dlcourse.widgets.beyond.columns import EMPTY, columns
from dlcourse.widgets.beyond.listing import GAP, ROOM, WIDTH, listing
from dlcourse.widgets.beyond.numbers import LIBRARIES, MOST, NEW, START

RNG = np.random.default_rng(0)


@lru_cache
def lesson():
    return notebooks.read("test", notebooks.folder() / "24_beyond.ipynb")


def sentence(widget):
    return widget.describe(widget.compute())


def first_row(widget):
    return widget.compute().rows[0]


def layers_of(widget):
    return [type(layer).__name__ if isinstance(layer, dl.Module) else layer.__name__ for layer in widget.whole.model]


# Where the arrays stand: by hand, as each library documents it


def by_hand(widget):
    """The first array of the chosen layer, as PyTorch and Keras hold it."""
    layer, model = widget.whole.model[widget.chosen], widget.whole.model
    weight = getattr(layer, "weight", getattr(layer, "weight_x", None)).data
    if isinstance(layer, dl.Conv2D):
        return weight.transpose(3, 2, 0, 1), weight
    if isinstance(layer, dl.GRU):  # Keras has the gates z, r, n
        r, z, n = np.split(weight, 3, axis=1)
        return weight.T, np.concatenate([z, r, n], axis=1)
    if widget.chosen and isinstance(model[widget.chosen - 1], dl.Flatten) and len(widget.whole.shapes[2]) == 3:
        height, width, features = widget.whole.shapes[widget.chosen - 1]
        maps = weight.reshape(height, width, features, -1)
        return np.stack([np.moveaxis(maps[..., m], -1, 0).ravel() for m in range(maps.shape[-1])]), weight
    return weight.T, weight


@pytest.mark.parametrize(
    ("network", "chosen", "here", "there"),
    [
        ("dense", 1, (64, 128), (128, 64)),
        ("dense", 3, (128, 10), (10, 128)),
        ("convolutional", 0, (3, 3, 1, 8), (8, 1, 3, 3)),
        ("convolutional", 4, (72, 10), (10, 72)),
        ("recurrent", 0, (27, 48), (48, 27)),
    ],
)
def test_the_number_that_is_followed_stands_there(network, chosen, here, there):
    widget = Translate(network=network, chosen=chosen)
    row, (pytorch, keras) = first_row(widget), by_hand(widget)
    assert (row.ours.shape, row.pytorch.shape, row.keras.shape) == (here, there, here)
    assert row.ours.outputs == row.keras.outputs == len(here) - 1 and row.pytorch.outputs == 0
    assert pytorch.shape == there
    assert pytorch[row.pytorch.at] == keras[row.keras.at] == np.float32(row.value)


def test_the_arrays_of_an_embedding_have_their_outputs_last_everywhere():
    model = dl.Sequential(dl.Embedding(9, 4, rng=RNG), dl.LSTM(4, 3, rng=RNG))
    row = first_row(Translate(model=model, input_shape=(5,)))
    assert [(one.shape, one.outputs) for one in (row.ours, row.pytorch, row.keras)] == [((9, 4), 1)] * 3


def test_what_a_layer_lacks_in_keras_is_said():
    rows = Translate(network="recurrent").compute().rows
    assert [row.ours.name for row in rows] == ["weight_x", "weight_h", "bias", "bias_n"]
    assert rows[3].keras is None and rows[2].keras.shape == (2, 48) and rows[3].pytorch.shape == (48,)


# The programs


def every_state():
    for network, (_, layers) in START.items():
        for library in LIBRARIES:
            for chosen in range(len(layers)):
                yield Translate(network=network, library=library, chosen=chosen)
    for new in NEW:
        for library in LIBRARIES:
            added = Translate(network="recurrent", library=library, new=new).add()
            yield added
            yield Translate(library=library, new=new, chosen=1).add()


def lines_of(state):
    """What stands of each program in the wide picture, and in the narrow one."""
    programs = state.compute().programs
    wide = columns(list(programs.values()), state.chosen, ROOM[False], WIDTH[False])
    narrow = [listing(programs[state.library], state.chosen, ROOM[True], WIDTH[True])]
    return (*((program, column, False) for program, column in zip(programs.values(), wide, strict=True)),
            (programs[state.library], narrow[0], True))  # fmt: skip


def test_every_lit_line_is_shown_whole_and_none_is_too_long():
    for state in every_state():
        for program_, shown, narrow in lines_of(state):
            assert len(shown) <= ROOM[narrow] and max(len(text) for text, _, _ in shown) <= WIDTH[narrow]
            lit = re.sub(r"[\s#]", "", "".join(text for text, _, is_lit in shown if is_lit))
            own = re.sub(r"[\s#]", "", "".join(line for place, line in program_ if place == str(state.chosen)))
            assert sorted(lit) == sorted(own) and lit, state


def in_the_call(column, layer):
    """The row in which the layer's call begins: behind the function that calls the network, or the last stretch but one of lit lines."""
    rows = [i for i, (text, _, _) in enumerate(column) if text.lstrip().startswith(("def forward", "def network"))]
    return next(i for i, (_, owner, _) in enumerate(column) if owner == layer and i > (rows or [-1])[0])


@pytest.mark.parametrize("network", START)
def test_every_layer_begins_at_the_same_height_in_all_programs(network):
    state = Translate(network=network)
    programs = list(state.compute().programs.values())
    for room in (200, ROOM[False]):
        for chosen in range(len(state.layers)):
            shown = columns(programs, chosen, room, WIDTH[False])
            assert len({len(column) for column in shown}) == 1
            if any("def network" in text for text, _, _ in shown[1]):
                for layer in {owner for _, owner, _ in shown[1] if owner is not None}:
                    assert len({in_the_call(column, layer) for column in shown}) == 1, (chosen, layer)


def test_with_room_enough_the_programs_are_whole():
    for state in every_state():
        for program_, shown in zip(
            state.compute().programs.values(),
            columns(list(state.compute().programs.values()), state.chosen, 300, 100),
            strict=True,
        ):
            lines = [line for place, line in program_ if place is not None]
            text = re.sub(r"\s", "", "".join(text for text, _, _ in shown))
            assert all(re.sub(r"\s", "", line.split("  # ")[0]) in text for line in lines if line.lstrip()[0] != "#")
            assert sum(line == GAP for line in shown) <= 2  # imports and helpers


def test_where_nothing_fits_it_is_cut_with_dots():
    shown = columns([program(Translate().whole.model, to, (8, 8, 1)) for to in LIBRARIES.values()], 1, 4, 34)
    assert [column[-1] for column in shown] == [GAP] * 3 and {len(column) for column in shown} == {4}
    assert EMPTY in columns([[("0", "def network"), ("0", "x")], [("0", "def network")]], 0, 9, 34)[1]


def test_the_program_is_that_of_dl_translate():
    for library, to in LIBRARIES.items():
        widget = Translate(network="convolutional", library=library)
        text = "\n".join(line for _, line in widget.compute().programs[library]) + "\n"
        assert text == dl.translate(widget.whole.model, to=to, input_shape=(8, 8, 1))
        assert widget.compute().programs[library] == tuple(program(widget.whole.model, to, (8, 8, 1)))


def test_a_program_too_long_is_cut_at_its_end():
    lines = [(None, "class Network:"), *(("0", f"    x = {i}") for i in range(40))]
    shown = listing(lines, 0, 10, 30)
    assert len(shown) == 10 and shown[-1][0] == "…" and shown[-2][2]


# Building


def test_layers_are_added_below_removed_and_moved():
    widget = Translate(chosen=1, new="BatchNorm").add()
    assert layers_of(widget) == ["Flatten", "Dense", "BatchNorm", "relu", "Dense"] and widget.chosen == 2
    assert layers_of(widget.down()) == ["Flatten", "Dense", "relu", "BatchNorm", "Dense"] and widget.down().chosen == 3
    assert layers_of(widget.down().up()) == layers_of(widget)
    assert layers_of(widget.remove()) == layers_of(Translate()) and widget.remove().chosen == 1
    assert widget.down().down().whole.shapes[-1] == (10,) and "BatchNorm(10)" in sentence(widget.down().down())


def test_sizes_follow_the_layer_before():
    widget = Translate(chosen=1).remove()
    assert widget.whole.lines == ("dl.Flatten()", "dl.relu", "dl.Dense(64, 10, rng=rng)")


def test_what_does_not_fit_is_grey_and_says_why():
    widget = Translate(new="Conv2D")
    assert widget.add() is widget and "add" in widget.idle_controls()
    assert "Conv2D cannot come below it. Conv2D(64 → 8, 3×3): images are expected" in sentence(widget)
    assert "add" not in widget.replace(network="convolutional").idle_controls()


def test_the_ends_of_the_stack_and_its_room():
    widget = Translate(new="ReLU")
    last = widget.choose(3)
    assert widget.up() is widget and last.down() is last
    for _ in range(MOST):
        widget = widget.add()
    assert len(widget.layers) == MOST and f"{MOST} layers are all" in sentence(widget)
    while "remove" not in widget.idle_controls():
        widget = widget.remove()
    assert len(widget.layers) == 1


def test_another_network_comes_as_it_is():
    widget = Translate(chosen=1).add().replace(network="recurrent")
    assert layers_of(widget) == ["GRU", "Dropout", "Dense"] and widget.chosen == 0


# Own, hand, cover


def test_a_model_of_ones_own_is_shown_as_it_is():
    model = dl.Sequential(dl.Conv2D(1, 4, 3, rng=RNG), dl.Flatten(), dl.Sequential(dl.Dense(144, 5, rng=RNG), dl.tanh))
    model(np.zeros((1, 8, 8, 1)))
    widget = Translate(model=model, chosen=2)
    assert widget.whole.shapes == ((8, 8, 1), (6, 6, 4), (144,), (5,))
    assert first_row(widget).pytorch.shape == (5, 144) and first_row(widget).pytorch.at == (2, 36)
    assert {"add", "remove", "up", "down", "new"} == set(widget.idle_controls())
    assert any(
        is_lit and "torch.tanh" in text for text, _, is_lit in listing(widget.compute().programs["PyTorch"], 2, 30, 58)
    )
    one = Translate(model=dl.Dense(3, 2, rng=RNG))
    assert first_row(one).pytorch.shape == (2, 3) and one.whole.lines == ("Dense(3 → 2)",)


def test_under_the_picture_stands_what_it_does_not_write_itself():
    for state in (Translate(chosen=1, library="JAX"), Translate(new="Conv2D"), Translate(network="yours")):
        caption = state.caption(state.compute())
        assert caption.endswith(" parameters.") and "in PyTorch" not in caption and "[1, 2]" not in caption
        assert sentence(state).endswith(caption.split("in the programs. ")[1])
    assert "shown by Translate(model=model)" in caption


def test_a_class_of_ones_own_is_refused():
    class Mine(dl.Module):
        def forward(self, x):
            return x

    with pytest.raises(WrongTypeError, match="Translate: layer 0 is a Mine, a class of your own"):
        Translate(model=dl.Sequential(Mine()), input_shape=(3,))


def test_a_layer_is_chosen_by_hand_and_by_keys():
    widget = Translate()
    assert widget.pointer(Pointer("down", "layers", 0.5, 3.4)).chosen == 2
    assert widget.pointer(Pointer("down", "layers", 0.5, 0.4)) is widget  # the line of the example
    assert widget.pointer(Pointer("hover", "layers", 0.5, 3.4)) is widget
    assert widget.key("ArrowDown").key("ArrowDown").key("ArrowUp").chosen == 1 and widget.key("ArrowUp") is widget


def test_a_line_of_a_program_chooses_its_layer():
    for axes in ("program", *LIBRARIES):
        widget = Translate(chosen=1)
        shown = [column for *_, column, narrow in lines_of(widget) if narrow == (axes == "program")]
        column = shown[list(LIBRARIES).index(axes) if axes in LIBRARIES else 0]
        row = max(i for i, (_, owner, _) in enumerate(column) if owner == 3)
        assert widget.pointer(Pointer("down", axes, 0.5, row + 0.4)).chosen == 3
        assert widget.pointer(Pointer("down", axes, 0.5, 0.4)) is widget  # an import
        assert widget.pointer(Pointer("down", axes, 0.5, 99)) is widget
        assert widget.replace(covered=True).pointer(Pointer("down", axes, 0.5, row + 0.4)).chosen == 1


def test_the_sentence_says_how_each_library_writes_the_lit_layer():
    assert (
        'PyTorch writes x = self.layer1(x), Keras x = layers.Dense(128, name="layer1")(x), '
        'JAX x = x @ weights["1.weight"] + weights["1.bias"].'
    ) in sentence(Translate(chosen=1))
    assert "PyTorch writes x = self.layer0(x)," in sentence(Translate(network="convolutional"))
    assert "Keras x = ops.relu(x), JAX x = jax.nn.relu(x)." in sentence(Translate(chosen=2))
    assert "JAX writes x = jax.nn.relu(x), PyTorch x = F.relu(x), Keras" in sentence(Translate(chosen=2, library="JAX"))


def test_nothing_tells_the_answer_before_the_bet():
    for widget, answer in ((Translate(chosen=1), "128, 64"), (Translate(library="Keras", chosen=1).add(), "0.1")):
        covered = widget.replace(covered=True)
        assert answer not in sentence(covered) and "comes with your bet" in sentence(covered)
        picture = Picture(*Translate.size)
        picture.paint(covered, covered.compute())
        for words in picture._artists.programs:
            question, veil = words.text.split("\n", 1)
            assert question == "? comes with your bet" and set(veil) <= set("░ \n") and veil.count("░") > 100
        libraries = {text for *_, text, _, _ in picture._artists.arrays.labels} & {"PyTorch", "Keras"}
        assert not libraries
        told = covered.replace(prediction="(64, 128)")
        assert picture.paint(told, told.compute()).any()
        assert all(len(set(words.text.split("\n"))) > 9 for words in picture._artists.programs)


# What the lesson says


def test_the_bets_are_answered_by_the_widget():
    assert str(first_row(Translate(chosen=1)).pytorch.shape) == BETS["outputs"]


def test_things_to_try_say_what_the_lesson_says():
    dense = Translate(chosen=1)
    assert "at weight[1, 2] stands at weight[2, 1] in PyTorch and at kernel[1, 2] in Keras" in sentence(dense)
    assert "JAX takes our arrays as they are." in sentence(dense.replace(library="JAX"))
    convolution = Translate(network="convolutional")
    assert "weight (3, 3, 1, 8) here, weight (8, 1, 3, 3) in PyTorch" in sentence(convolution)
    assert any("movedim" in line for place, line in convolution.compute().programs["PyTorch"] if place == "0")
    recurrent = Translate(network="recurrent", library="Keras")
    assert "weight_x (27, 48) here" in sentence(recurrent) and "kernel (27, 48) in Keras" in sentence(recurrent)
    assert "at weight_x[1, 2]" in sentence(recurrent) and "at kernel[1, 18] in Keras" in sentence(recurrent)
    flatten = Translate(new="Conv2D")
    assert "add" in flatten.idle_controls() and "dl.Flatten() is layer0" in sentence(flatten)
    last = convolution.choose(4)
    assert "at weight[1, 2] stands at weight[2, 9] in PyTorch" in sentence(last)
    norm = dense.add()
    programs = norm.compute().programs
    assert any("momentum: the share of the new batch" in line for _, line in programs["PyTorch"])
    assert any("momentum: the share that is kept" in line for _, line in programs["Keras"])
    assert "dl.BatchNorm(10) is layer4" in sentence(norm.down().down())


def split(seed):
    return dl.data.digits().split(0.6, 0.2, 0.2, rng=np.random.default_rng(seed))


def fit(model, data, epochs, batch_size, seed):
    optimizer = dl.Adam(model.parameters(), 3e-3)
    rng = np.random.default_rng(seed)
    dl.fit(
        model, data, loss=dl.cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=batch_size,
        rng=rng, progress=False,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_dense_matrix_in_the_order_of_another_flatten_reads_hardly_any_digit(seed):
    train, _, unseen = split(seed)
    rng = np.random.default_rng(seed)
    maps = dl.Sequential(dl.Conv2D(1, 8, 3, activation=dl.relu, rng=rng), dl.MaxPool2D(2))
    model = dl.Sequential(*maps, dl.Flatten(), dl.Dense(72, 10, rng=rng))
    fit(model, train, 15, 32, seed)
    channels_first = maps(unseen.x).data.transpose(0, 3, 1, 2).reshape(-1, 72)
    dense = model[3]
    wrong = (channels_first @ dense.weight.data + dense.bias.data).argmax(axis=1)
    assert dl.accuracy(model, unseen) > 0.9 and (wrong == unseen.y).mean() < 0.3
    assert BETS["taken over"] == "about 10"


def test_a_wrong_momentum_is_noticed_only_when_training_goes_on():
    train, _, unseen = split(11)
    answers = []
    for share in (0.1, 0.9):  # of the new batch: 0.9 and 0.1 as Keras counts
        rng = np.random.default_rng(11)
        norm = dl.BatchNorm(128)
        model = dl.Sequential(dl.Flatten(), dl.Dense(64, 128, rng=rng), norm, dl.relu, dl.Dense(128, 10, rng=rng))
        fit(model, train, 8, 32, 11)
        norm.momentum = share
        before = dl.predict(model, unseen)
        fit(model, train, 1, 4, 11)
        answers.append((before, np.mean(dl.predict(model, unseen).argmax(axis=1) != unseen.y)))
    (before, kept), (same, followed) = answers
    assert np.array_equal(before, same) and followed > 2 * kept and followed < 0.5
    assert BETS["late"] == "about 15"


def test_the_figures_are_named_with_their_machine_and_their_day():
    (text,) = [cell.source for cell in lesson().cells if "When is NumPy enough?" in cell.source]
    for word in ("November 2026", "Intel Xeon", "NVIDIA H100", "16 cores", "NumPy 2.5", "PyTorch 2.11"):
        assert word in text
    (source,) = [cell.source for cell in lesson().cells if "measured = [" in cell.source]
    space = {}
    exec(source, space)
    quotients = [core / h100 for *_, core, _, h100 in space["measured"]]
    assert 1 < quotients[0] < 2 and BETS["processor"] == "less than twice"
    assert round(quotients[2], -1) == 440 and "440 times" in text


def test_the_three_lines_of_a_sweep_on_a_cluster_are_those_of_lesson_14b():
    (text,) = [cell.source for cell in lesson().cells if "parallel_config" in cell.source]
    lines = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1].strip().splitlines()
    assert len(lines) == 3
    sixty = notebooks.read("test", notebooks.folder() / "14b_best_of_sixty.ipynb")
    known = "\n".join(cell.source for cell in sixty.cells)
    assert all(line.split("  #")[0].strip() in known for line in lines[:2])
    assert lines[2].strip().startswith("result = dl.sweep(train, space, budget=1000, ")
