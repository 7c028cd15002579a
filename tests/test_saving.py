"""Files of weights: in and out exactly, and never something else."""

from __future__ import annotations

import copy
import json
import struct

import numpy as np
import pytest
import safetensors.numpy

import dlcourse as dl
from dlcourse import file_format
from dlcourse.errors import CourseError, FileFormatError, WrongTypeError


def network(seed=0, hidden=4):
    rng = np.random.default_rng(seed)
    return dl.Sequential(dl.Dense(2, hidden, activation=dl.tanh, rng=rng), dl.Dense(hidden, 2, rng=rng))


def test_in_and_out_exactly(tmp_path):
    a, b = network(0), network(1)
    dl.save(a, tmp_path / "w.safetensors")
    dl.load(b, tmp_path / "w.safetensors")
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)
    assert [f.name for f in tmp_path.iterdir()] == ["w.safetensors"]


@pytest.mark.parametrize("make", [dl.Adam, lambda p: dl.SGD(p, 0.1, momentum=0.9), dl.Adadelta])
def test_training_resumed_from_a_file_equals_one_go(tmp_path, make):
    data = dl.data.moons(60, rng=np.random.default_rng(5))

    def train(model, optimizer, rng, epochs):
        dl.fit(model, data, loss=dl.cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=7, rng=rng)

    whole, rng = network(), np.random.default_rng(2)
    train(whole, make(whole.parameters()), rng, 5)

    first, rng = network(), np.random.default_rng(2)
    optimizer = make(first.parameters())
    train(first, optimizer, rng, 2)
    dl.save(first, tmp_path / "w", optimizer=optimizer, rng=rng)
    second, rng = network(9), np.random.default_rng(99)
    optimizer = make(second.parameters())
    dl.load(second, tmp_path / "w", optimizer=optimizer, rng=rng)
    train(second, optimizer, rng, 3)
    for p, q in zip(whole.parameters(), second.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)


@pytest.mark.parametrize("stop", [1, 4, 9, 17])
@pytest.mark.parametrize("rule", [dl.Adam, dl.AdamW, dl.Nadam, dl.RMSprop, dl.Adagrad, dl.Adadelta, dl.SGD])
def test_training_interrupted_at_any_step_goes_on_from_the_file(tmp_path, rule, stop):
    """In a loop of one's own, in the midst of an epoch of 9 batches, with dropout, running averages and a schedule."""
    data = dl.data.moons(60, rng=np.random.default_rng(5))
    batches = [batch for rng in map(np.random.default_rng, (1, 2)) for batch in data.batches(7, rng=rng)]
    schedule = dl.schedules.cosine(0.05, steps=18)

    def made(seed, rng):
        draw = np.random.default_rng(seed)
        layers = dl.Dense(2, 4, rng=draw), dl.BatchNorm(4), dl.Dropout(0.5, rng=rng), dl.Dense(4, 2, rng=draw)
        model = dl.Sequential(*layers)
        return model, rule(model.parameters(), schedule)

    def train(model, optimizer, part):
        for x, y in part:
            optimizer.zero_grad()
            dl.cross_entropy(model(x), y).backward()
            optimizer.step()

    whole, optimizer = made(0, np.random.default_rng(3))
    train(whole, optimizer, batches)

    rng = np.random.default_rng(3)
    first, optimizer = made(0, rng)
    train(first, optimizer, batches[:stop])
    dl.save(first, tmp_path / "w", optimizer=optimizer, rng=rng)
    rng = np.random.default_rng(99)
    second, optimizer = made(8, rng)
    dl.load(second, tmp_path / "w", optimizer=optimizer, rng=rng)
    train(second, optimizer, batches[stop:])
    for name, array in (whole.named_parameters() | whole.named_buffers()).items():
        mine = (second.named_parameters() | second.named_buffers())[name]
        np.testing.assert_array_equal(np.asarray(mine), np.asarray(array), err_msg=name)


def normalized(seed):
    rng = np.random.default_rng(seed)
    return dl.Sequential(dl.Dense(2, 4, rng=rng), dl.BatchNorm(4), dl.Dense(4, 2, rng=rng))


def test_running_averages_are_saved_with_the_weights(tmp_path):
    data = dl.data.moons(60, rng=np.random.default_rng(5))
    model, other = normalized(0), normalized(1)
    optimizer = dl.Adam(model.parameters(), 0.01)
    dl.fit(
        model, data, loss=dl.cross_entropy, optimizer=optimizer, epochs=2, batch_size=10, rng=np.random.default_rng(0)
    )
    assert list(model.named_buffers()) == ["1.running_mean", "1.running_variance"]
    dl.save(model, tmp_path / "w")
    dl.load(other, tmp_path / "w")
    np.testing.assert_array_equal(dl.predict(model, data), dl.predict(other, data))


def test_early_stopping_goes_back_to_the_running_averages_too():
    data = dl.data.moons(60, rng=np.random.default_rng(5))
    model = normalized(0)
    stopping = dl.EarlyStopping(3)
    history = dl.fit(
        model, data, loss=dl.cross_entropy, optimizer=dl.Adam(model.parameters(), 0.5), epochs=50, batch_size=10,
        validation=data, callbacks=[stopping], rng=np.random.default_rng(0),
    )  # fmt: skip
    assert len(history) < 50
    loss = dl.cross_entropy(dl.predict(model, data), data.y).item()
    assert loss == pytest.approx(min(history.validation_loss), rel=1e-5)


@pytest.mark.parametrize("cut", [0, 5, 100, -1])
def test_a_truncated_file_is_refused_and_nothing_changed(tmp_path, cut):
    path = tmp_path / "w"
    dl.save(network(), path)
    path.write_bytes(path.read_bytes()[:cut])
    model = network(1)
    before = [p.data.copy() for p in model.parameters()]
    with pytest.raises(FileFormatError, match="load: 'w' is not a complete safetensors file"):
        dl.load(model, path)
    for p, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.data, old)


def test_a_generator_of_another_kind_is_refused_and_nothing_changed(tmp_path):
    saved, path = network(), tmp_path / "w"
    optimizer = dl.SGD(saved.parameters(), 0.1)
    optimizer.steps = 7
    dl.save(saved, path, optimizer=optimizer, rng=np.random.Generator(np.random.MT19937(0)))
    model = network(1)
    before = [p.data.copy() for p in model.parameters()]
    optimizer = dl.SGD(model.parameters(), 0.1)
    with pytest.raises(FileFormatError, match="another kind of generator"):
        dl.load(model, path, optimizer=optimizer, rng=np.random.default_rng(0))
    assert optimizer.steps == 0
    for p, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.data, old)


# ----------------------------------------------------------------------------------------- whatever an array looks like


class Holder(dl.Module):
    """One parameter, and one array beside it."""

    buffers = ("beside",)

    def __init__(self, parameter, beside):
        self.parameter, self.beside = dl.Parameter(parameter), beside


SHAPES = [(), (1,), (0,), (3, 0), (2, 3), (1, 1, 1), (2, 1, 3, 2)]
TYPES = [
    "f2",
    "f4",
    "f8",
    "i1",
    "i2",
    "i4",
    "i8",
    "u1",
    "u2",
    "u4",
    "u8",
    "?",
    ">f2",
    ">f4",
    ">f8",
    ">i2",
    ">u4",
    ">i8",
]
LAYOUTS = {
    "in order": lambda array: array,
    "transposed": lambda array: array.T.copy().T,
    "every second": lambda array: np.repeat(array, 2, axis=-1)[..., ::2] if array.ndim else array,
    "backwards": lambda array: array[..., ::-1] if array.ndim else array,
    "at an odd address": lambda array: np.frombuffer(
        bytearray(b"x" + array.tobytes()), array.dtype, array.size, 1
    ).reshape(array.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", TYPES)
def test_arrays_of_every_shape_type_and_layout_come_back_as_they_were(tmp_path, kind, layout):
    path = tmp_path / "w"
    for shape in SHAPES:
        size = int(np.prod(shape))
        array = LAYOUTS[layout]((np.arange(size) * 37 % 101).astype(kind).reshape(shape))
        weight = LAYOUTS[layout](np.linspace(-1, 1, size).astype("f8" if kind[-2:] == "f8" else "f4").reshape(shape))
        saved = Holder(weight, array)
        other = Holder(np.zeros_like(saved.parameter.data), np.zeros(shape, kind))
        dl.save(saved, path)
        before = other.beside
        dl.load(other, path)
        assert other.beside is before and other.beside.dtype == np.dtype(kind) and other.beside.shape == shape
        np.testing.assert_array_equal(other.beside, array)
        np.testing.assert_array_equal(other.parameter.data, weight)
        assert other.parameter.shape == shape and other.parameter.dtype == weight.dtype


@pytest.mark.parametrize("kind", ["c8", "O", "U3", "S3", "M8[s]", "V3"])
def test_what_is_no_number_is_refused_and_nothing_written(tmp_path, kind):
    with pytest.raises(WrongTypeError, match=r"^save: beside is an array of .*\. What is saved are arrays of"):
        dl.save(Holder(1.0, np.zeros(2, kind)), tmp_path / "w")
    assert not list(tmp_path.iterdir())


def test_an_array_that_cannot_be_changed_is_refused_before_anything_is(tmp_path):
    dl.save(Holder(1.0, np.ones(3)), tmp_path / "w")
    model = Holder(2.0, np.zeros(3))
    model.beside.flags.writeable = False
    with pytest.raises(WrongTypeError, match="load: beside is an array that cannot be changed"):
        dl.load(model, tmp_path / "w")
    assert model.parameter.item() == 2.0


@pytest.mark.parametrize(
    "name",
    ["ä", "\N{GREEK SMALL LETTER LAMDA}", "two words", "a\tb", 'a"b', "a\\b", "", "\0", chr(0x1F600), "__metadata__"],
)
def test_layers_in_a_dictionary_may_have_any_name(tmp_path, name):
    model, other = (Holder(1.0, np.zeros(2)) for _ in "ab")
    for seed, each in enumerate((model, other)):
        each.parts = {name: dl.Dense(2, 1, rng=np.random.default_rng(seed))}
    dl.save(model, tmp_path / "w")
    dl.load(other, tmp_path / "w")
    np.testing.assert_array_equal(other.parts[name].weight.data, model.parts[name].weight.data)


def raw(arrays, texts=None):
    """A file as another library writes it: without a checksum."""
    header, data = ({"__metadata__": texts} if texts else {}), b""
    names = {"f4": "F32", "f8": "F64", "i8": "I64"}
    for name, array in arrays.items():
        place = [len(data), len(data) + array.nbytes]
        header[name] = {"dtype": names[array.dtype.str[1:]], "shape": list(array.shape), "data_offsets": place}
        data += array.tobytes()
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + data


@pytest.mark.parametrize("texts", [None, {"format": "pt"}, {"format": "np", "version": "9"}])
def test_files_of_other_libraries_load(tmp_path, texts):
    arrays = {"0.bias": np.ones(4, "f4"), "0.weight": np.full((2, 4), 2, "f4")}
    arrays |= {"1.bias": np.zeros(2, "f4"), "1.weight": np.full((4, 2), 3, "f4")}
    (tmp_path / "w").write_bytes(raw(arrays, texts))
    model = network()
    dl.load(model, tmp_path / "w")
    for name, parameter in model.named_parameters().items():
        np.testing.assert_array_equal(parameter.data, arrays[name])


def test_other_libraries_read_our_files(tmp_path):
    from safetensors.numpy import load_file

    model = network()
    dl.save(model, tmp_path / "w", optimizer=dl.Adam(model.parameters()), rng=np.random.default_rng(0))
    stored = load_file(tmp_path / "w")
    for name, parameter in model.named_parameters().items():
        np.testing.assert_array_equal(stored[name], parameter.data)


def test_a_file_of_the_first_version_loads_with_its_single_numbers(tmp_path):
    texts = {"format": "dlcourse", "version": "1"}
    (tmp_path / "w").write_bytes(raw({"parameter": np.full((1,), 3, "f4"), "beside": np.full((1,), 4, "f8")}, texts))
    model = Holder(1.0, np.zeros(()))
    dl.load(model, tmp_path / "w")
    assert (model.parameter.item(), model.beside.item()) == (3.0, 4.0)
    dl.save(Holder([3.0], np.zeros((1,))), tmp_path / "w")
    with pytest.raises(FileFormatError, match=r"has shape \(1,\) in 'w' and \(\) in the model"):
        dl.load(model, tmp_path / "w")


@pytest.mark.parametrize("rule", [dl.Adam, dl.AdamW, dl.Nadam, dl.RMSprop, dl.Adagrad, dl.Adadelta, dl.SGD])
def test_single_numbers_are_trained_on_from_a_file(tmp_path, rule):
    """Shape () everywhere: the parameter, what the optimizer keeps of it, and a count beside."""

    def made(start):
        model = Holder(start, np.array(7))
        return model, rule(model.parameters(), 0.1)

    def step(model, optimizer):
        optimizer.zero_grad()
        (model.parameter * model.parameter).backward()
        optimizer.step()

    model, optimizer = made(2.0)
    step(model, optimizer)
    dl.save(model, tmp_path / "w", optimizer=optimizer)
    other, resumed = made(5.0)
    other.beside[...] = 0
    dl.load(other, tmp_path / "w", optimizer=resumed)
    for each in ((model, optimizer), (other, resumed)):
        step(*each)
    assert other.parameter.item() == model.parameter.item() and other.parameter.shape == () and other.beside == 7


@pytest.mark.parametrize(
    "kind", [np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64]
)
def test_every_kind_of_generator_goes_on_where_it_stopped(tmp_path, kind):
    rng, other = (np.random.Generator(kind(seed)) for seed in (0, 1))
    rng.normal(size=5), rng.integers(3, dtype=np.int32)
    dl.save(Holder(1.0, np.zeros(2)), tmp_path / "w", rng=rng)
    dl.load(Holder(1.0, np.zeros(2)), tmp_path / "w", rng=other)
    assert rng.normal() == other.normal() and rng.integers(9, dtype=np.int32) == other.integers(9, dtype=np.int32)


# ---------------------------------------------------------------------------------------------------- every bit counts


def trained(seed):
    """A small model with everything that a file can hold."""
    rng = np.random.default_rng(seed)
    model = dl.Sequential(dl.Dense(1, 1, rng=rng), dl.BatchNorm(1))
    optimizer = dl.Adam(model.parameters(), 0.01 * (seed + 1))
    for _ in range(seed + 1):
        optimizer.zero_grad()
        dl.squared_error(model(np.array([[1.0], [2.0]])), np.array([[1.0], [3.0]])).backward()
        optimizer.step()
    return model, optimizer, rng


def everything(model, optimizer, rng):
    """All numbers that a file holds, for comparison."""
    arrays = model.named_parameters() | model.named_buffers()
    numbers = {name: np.array(getattr(array, "data", array)).tobytes() for name, array in arrays.items()}
    state = {key: getattr(value, "tobytes", value.__repr__)() for key, value in optimizer.state_dict().items()}
    return numbers, state, repr(rng.bit_generator.state)


def test_each_flipped_bit_of_a_file_is_noticed(tmp_path):
    """Names, shapes, types, numbers, the states of optimizer and generator, the checksum itself: an error, or the same numbers."""
    model, optimizer, rng = trained(0)
    dl.save(model, tmp_path / "w", optimizer=optimizer, rng=rng)
    content = (tmp_path / "w").read_bytes()
    arrays, texts = file_format.from_bytes("load", content, "w")
    accepted = 0
    for bit in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        try:
            read, words = file_format.from_bytes("load", bytes(damaged), "w")
        except FileFormatError:
            continue
        accepted += 1
        assert words == texts and read.keys() == arrays.keys()
        assert all(read[name].tobytes() == array.tobytes() for name, array in arrays.items())
    assert accepted < 8, accepted


def test_a_damaged_file_changes_nothing(tmp_path):
    path = tmp_path / "w"
    model, optimizer, rng = trained(0)
    dl.save(model, path, optimizer=optimizer, rng=rng)
    content, fresh = path.read_bytes(), trained(1)
    other = everything(*fresh)
    assert all(mine != theirs for mine, theirs in zip(everything(model, optimizer, rng), other, strict=True))
    for bit in range(0, 8 * len(content), 101):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        with pytest.raises(FileFormatError):
            dl.load(fresh[0], path, optimizer=fresh[1], rng=fresh[2])
    assert everything(*fresh) == other
    path.write_bytes(content)
    dl.load(fresh[0], path, optimizer=fresh[1], rng=fresh[2])
    assert everything(*fresh) == everything(model, optimizer, rng)


def test_a_file_cut_off_anywhere_is_refused(tmp_path):
    path = tmp_path / "w"
    model, optimizer, rng = trained(0)
    dl.save(model, path, optimizer=optimizer, rng=rng)
    content, fresh = path.read_bytes(), trained(1)
    other = everything(*fresh)
    for size in range(len(content)):
        path.write_bytes(content[:size])
        with pytest.raises(FileFormatError):
            dl.load(fresh[0], path, optimizer=fresh[1], rng=fresh[2])
    path.write_bytes(content + b"x")
    with pytest.raises(FileFormatError):
        dl.load(fresh[0], path)
    assert everything(*fresh) == other


def test_parts_of_two_files_do_not_make_a_third(tmp_path):
    """The header of one and the numbers of the other, or two arrays exchanged."""
    model, same = network(0), network(1)
    dl.save(model, tmp_path / "a")
    dl.save(same, tmp_path / "b")
    a, b = (tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()
    start = 8 + int.from_bytes(a[:8], "little")
    assert len(a) == len(b) and start == 8 + int.from_bytes(b[:8], "little")
    (tmp_path / "c").write_bytes(a[:start] + b[start:])
    with pytest.raises(FileFormatError, match="is damaged, it does not hold what was saved"):
        dl.load(copy.deepcopy(model), tmp_path / "c")
    arrays = {"x": np.arange(3.0), "y": np.arange(3.0) + 1}
    content = file_format.to_bytes("save", arrays, {})
    with pytest.raises(FileFormatError, match="damaged"):
        file_format.from_bytes(
            "load", content.replace(b'"x"', b'"z"').replace(b'"y"', b'"x"').replace(b'"z"', b'"y"'), "w"
        )


def in_training():
    """A model, what trains it, and everything of them that a file can change."""
    model = dl.Sequential(dl.Dense(2, 3, rng=np.random.default_rng(0)), dl.BatchNorm(3))
    optimizer = dl.AdamW(model.parameters(), dl.schedules.cosine(0.1, steps=9), weight_decay=0.1)
    kept = {
        "optimizer": optimizer,
        "rng": np.random.default_rng(3),
        "callbacks": [dl.EarlyStopping(patience=3), dl.OnPlateau(patience=2)],
    }

    def everything():
        numbers = [p.data.tolist() for p in model.parameters()], [b.tolist() for b in model.named_buffers().values()]
        return repr(
            (numbers, optimizer.state_dict(), [callback.state_dict() for callback in kept["callbacks"]])
        ) + repr(kept["rng"].bit_generator.state)

    return model, kept, everything


def places_in(state, place=()):
    """Every place in nested dictionaries."""
    for key, value in state.items():
        yield (*place, key)
        if isinstance(value, dict):
            yield from places_in(value, (*place, key))


def edited(state, place, what):
    state = json.loads(json.dumps(state))
    inner = state
    for key in place[:-1]:
        inner = inner[key]
    if what == "left out":
        del inner[place[-1]]
    else:
        inner[place[-1]] = what
    return state


ODD = ["left out", None, "words", [], {}, [1, "a"], {"a": 1}, 10**400]


def test_a_state_that_was_edited_by_hand_is_refused_or_read_and_never_half(tmp_path):
    path, other = tmp_path / "training.safetensors", tmp_path / "edited.safetensors"
    model, kept, _ = in_training()
    train = dl.data.moons(8, rng=np.random.default_rng(0))
    dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=kept["optimizer"], epochs=2, batch_size=4,
        validation=train, callbacks=kept["callbacks"], rng=kept["rng"],
    )  # fmt: skip
    dl.save(model, path, **kept)
    arrays, texts = file_format.from_bytes("load", path.read_bytes(), "training")
    texts = {name: texts[name] for name in ("optimizer", "rng", "callbacks")}
    tried = 0
    for name, text in texts.items():
        state = json.loads(text)
        changes = [json.dumps(edited(state, place, what)) for place in places_in(state) for what in ODD]
        for changed in [*changes, "", "null", "3", "[]", "[1]", "[" * 100_000, "{" * 100_000]:
            other.write_bytes(safetensors.numpy.save(arrays, texts | {name: changed}))
            model, kept, everything = in_training()
            before = everything()
            try:
                dl.load(model, other, **kept)
            except CourseError:
                assert everything() == before, changed
            tried += 1
    assert tried > 200


@pytest.mark.parametrize("shape", [[1] * 70, [0, 2**40, 2**40], [0] * 65, [2**62, 0, 2**62], [1] * 64, [0]])
@pytest.mark.parametrize("kind", ["F32", "I64", "BOOL"])
def test_no_shape_in_a_header_ends_in_an_error_of_numpy(shape, kind):
    size = (0 if 0 in shape else 1) * np.dtype(file_format.TYPES[kind]).itemsize
    header = json.dumps({"w": {"dtype": kind, "shape": shape, "data_offsets": [0, size]}}).encode()
    content = len(header).to_bytes(8, "little") + header + bytes(size)
    try:
        arrays, _ = file_format.from_bytes("load", content, "file")
        assert list(arrays["w"].shape) == shape
    except FileFormatError as error:
        assert str(error).startswith("load: ") and len(shape) > 1


@pytest.mark.parametrize("text", ["checksum", "sha256", "hash", "digest", "crc32", "md5"])
def test_a_checksum_of_another_library_says_nothing_of_ours(tmp_path, text):
    model = network(0)
    weights = {name: p.data + 1 for name, p in model.named_parameters().items()}
    safetensors.numpy.save_file(weights, tmp_path / "w", {"format": "pt", text: "0123abcd"})
    dl.load(model, tmp_path / "w")
    for name, p in model.named_parameters().items():
        np.testing.assert_array_equal(p.data, weights[name])
