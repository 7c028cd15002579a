"""Weights in and out of files, in the safetensors format: plain numbers, nothing that could be executed."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable
from typing import Any

import numpy as np

from dlcourse import file_format, files
from dlcourse.arrays import Array
from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, CourseError, DataError, FileFormatError, WrongTypeError, brief, joined
from dlcourse.initializers import check_rng
from dlcourse.layers.module import Module
from dlcourse.optimizers.optimizer import Optimizer

__all__ = ["load", "save"]

OPTIMIZER = "optimizer/"  # how the names of the optimizer's arrays begin in a file
CALLBACK = "callback/"  # and those of callbacks, followed by their number
UNFIT = (KeyError, ValueError, TypeError, AttributeError, OverflowError)  # what a state that lacks something ends in
HEADER = "__metadata__"  # the one name that the format keeps for itself


@explained
def save(
    model: Module,
    path: str | os.PathLike[str],
    *,
    optimizer: Optimizer | None = None,
    rng: np.random.Generator | None = None,
    callbacks: Iterable[Any] = (),
) -> None:
    """Write a model's weights, and the running averages of its `BatchNorm` layers, to a file, under their names.

    The file is written beside and then renamed: an interruption never leaves half a file under this name. A checksum in it
    lets `load` notice every damage.

    Parameters
    ----------
    model : Module
    path : str or Path
        By custom it ends in .safetensors. `~` is the home folder.
    optimizer, rng : optional
        Keep their state too: training then goes on as if it had never stopped.
    callbacks : sequence
        Those of `fit`: keep what `EarlyStopping` and `OnPlateau` wait for. Others have no state.

    Raises
    ------
    WrongTypeError
        If `model` is not a Module.
    DataError
        If it has no parameters.
    MissingFileError
        If there is no such folder.
    FileFormatError
        If the path is that of a folder.
    FileAccessError, NoPermissionError
        If the disk is full, or nothing may be written there.
    MissingPackageError
        If safetensors is not installed.

    Examples
    --------
    >>> import os, tempfile, numpy as np, dlcourse as dl
    >>> model = dl.Dense(2, 1, rng=np.random.default_rng(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     dl.save(model, os.path.join(folder, "line.safetensors"))
    ...     os.listdir(folder)
    ['line.safetensors']
    """
    import json

    arrays = _arrays("save", model)
    _check_path("save", path)
    _check_state("save", optimizer, rng)
    texts = {}
    if optimizer is not None:
        words, numbers = _parted(optimizer.state_dict(), OPTIMIZER)
        texts["optimizer"] = json.dumps(words)
        arrays |= numbers
    watching = _with_state(callbacks)
    if watching:
        parted = [_parted(callback.state_dict(), f"{CALLBACK}{i}/") for i, callback in enumerate(watching)]
        texts["callbacks"] = json.dumps({i: words for i, (words, _) in enumerate(parted)})
        for _, numbers in parted:
            arrays |= numbers
    if rng is not None:
        texts["rng"] = json.dumps(rng.bit_generator.state, default=lambda value: np.asarray(value).tolist())
    files.write("save", path, file_format.to_bytes("save", arrays, texts))


@explained
def load(
    model: Module,
    path: str | os.PathLike[str],
    *,
    optimizer: Optimizer | None = None,
    rng: np.random.Generator | None = None,
    callbacks: Iterable[Any] = (),
) -> None:
    """Read weights from a file into a model of the same layers. Nothing is changed if anything does not fit.

    Parameters
    ----------
    model : Module
    path : str or Path
    optimizer, rng : optional
        Take over their state too, if the file has it. The optimizer's rate and settings are those of the file then.
    callbacks : sequence
        Those of the next `fit`: they go on waiting where they stopped.

    Raises
    ------
    FileFormatError
        If the file is broken or truncated, or names, shapes or types differ; the message names them.
    MissingFileError
        If there is no such file; a FileNotFoundError too.
    FileAccessError, NoPermissionError
        If it cannot be read, or it may not be read.
    MissingPackageError
        If safetensors is not installed.
    ArgumentError
        If the optimizer's state belongs to another rule or other parameters.

    Examples
    --------
    >>> import os, tempfile, numpy as np, dlcourse as dl
    >>> model, other = (dl.Dense(2, 1, rng=np.random.default_rng(seed)) for seed in (0, 1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "line.safetensors")
    ...     dl.save(model, path)
    ...     dl.load(other, path)
    >>> bool((model.weight.data == other.weight.data).all())
    True
    """
    arrays = _arrays("load", model)
    _check_path("load", path)
    _check_state("load", optimizer, rng)
    name = os.path.basename(path)
    stored, texts = file_format.from_bytes("load", files.read("load", path), name)
    state = _taken(stored, OPTIMIZER)
    others = _taken(stored, CALLBACK)
    watching = _with_state(callbacks)
    waiting = _callback_states(watching, texts, others, name) if watching else []
    if texts.get("version") == "1":  # dlcourse 0.1 wrote a single number with shape (1,)
        single = [key for key, array in stored.items() if key in arrays and array.size == 1 and arrays[key].ndim == 0]
        stored |= {key: stored[key].reshape(()) for key in single}
    _compare(name, arrays, stored)
    generator_state: Any = _generator_state(rng, texts, name) if rng is not None else None
    if optimizer is not None:
        _resume(optimizer, {**_state(texts, "optimizer", name), **state}, name)
    # From here on nothing can fail.
    for callback, kept in zip(watching, waiting, strict=True):
        callback.load_state_dict(kept)
    if rng is not None:
        rng.bit_generator.state = generator_state
    parameters = model.named_parameters()
    for key, array in arrays.items():
        if key in parameters:
            parameters[key]._write(stored[key])
        else:
            array[...] = stored[key]


def _arrays(owner: str, model: Any) -> dict[str, Array]:
    """The arrays of a model by name: parameters, and what layers keep besides them (running means)."""
    if not isinstance(model, Module):
        raise WrongTypeError(
            f"{owner}: expects a model (a Module) and a path, in this order; not {brief(model)} first."
        )
    buffers = model.named_buffers()
    arrays = {name: p.data for name, p in model.named_parameters().items()} | buffers
    if not arrays:
        raise DataError(f"{owner}: the model has no parameters. Does it hold its layers as attributes?")
    _check_names(owner, arrays, len(model.parameters()) + len(buffers))
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or (owner == "load" and not array.flags.writeable):
            what = (
                "an array that cannot be changed" if isinstance(array, np.ndarray) else f"{brief(array)}, not an array"
            )
            raise WrongTypeError(f"{owner}: {name} is {what}. `load` fills arrays: make it one with np.array(...).")
    return arrays


def _check_names(owner: str, names: Iterable[str], number: int) -> None:
    """Each array has a name of its own, and one that a file can hold."""
    names = list(names)
    if len(names) < number:
        raise ArgumentError(
            f"{owner}: the model has {number} arrays and only {len(names)} names for them, so some would be lost. Does a "
            "dictionary in it have both 1 and '1' as keys, or a key with a point in it?"
        )
    for name in names:
        text = name.encode(errors="replace").decode()
        if name.startswith((OPTIMIZER, CALLBACK)) or name == HEADER or text != name:
            raise ArgumentError(f"{owner}: an array of a file cannot be called {name!r}. Give it another name.")


def _check_path(owner: str, path: Any) -> None:
    name = files.expanded(owner, path)
    if os.path.isdir(name) or name.endswith("/"):
        raise FileFormatError(f"{owner}: {str(path)!r} is a folder. Name a file in it, such as 'weights.safetensors'.")


def _check_state(owner: str, optimizer: Any, rng: Any) -> None:
    if optimizer is not None and not isinstance(optimizer, Optimizer):
        raise WrongTypeError(f"{owner}: optimizer should be the one that trains the model, not {brief(optimizer)}.")
    if rng is not None:
        check_rng(owner, rng)


def _parted(state: dict[str, Any], prefix: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Words and single numbers, and arrays with this before their names."""
    words = {key: value for key, value in state.items() if not isinstance(value, np.ndarray)}
    return words, {prefix + key: state[key] for key in state if key not in words}


def _taken(stored: dict[str, Array], prefix: str) -> dict[str, Array]:
    """Take out the arrays whose names begin with this."""
    return {key.removeprefix(prefix): stored.pop(key) for key in list(stored) if key.startswith(prefix)}


def _with_state(callbacks: Any) -> list[Any]:
    many = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    return [callback for callback in many if hasattr(callback, "load_state_dict")]


def _callback_states(
    watching: list[Any], texts: dict[str, str], arrays: dict[str, Array], name: str
) -> list[dict[str, Any]]:
    """What the callbacks are to take over, tried out on copies of them."""
    states = list(_state(texts, "callbacks", name).values())
    kinds = [type(callback).__name__ for callback in watching]
    rules = [state.get("rule") if isinstance(state, dict) else None for state in states]
    if kinds != rules:
        raise FileFormatError(
            f"load: {name!r} was saved with the callbacks {joined(rules)}, and here are {joined(kinds)}. Give the same, in the same order."
        )
    complete = [state | _taken(arrays, f"{i}/") for i, state in enumerate(states)]
    for callback, state in zip(watching, complete, strict=True):
        try:
            copy.copy(callback).load_state_dict(state)
        except CourseError:
            raise
        except UNFIT:
            raise FileFormatError(
                f"load: the state of {type(callback).__name__} in {name!r} is not complete."
            ) from None
    return complete


def _compare(name: str, mine: dict[str, Array], stored: dict[str, Array]) -> None:
    missing, extra = sorted(mine.keys() - stored.keys()), sorted(stored.keys() - mine.keys())
    if missing or extra:
        parts = [f"it lacks {joined(missing)}"] if missing else []
        parts += [f"it has {joined(extra)}, which the model lacks"] if extra else []
        raise FileFormatError(
            f"load: {name!r} is for another model: {'; '.join(parts)}. Make the layers as they were when it was saved."
        )
    for key, array in mine.items():
        if stored[key].shape != array.shape:
            raise FileFormatError(
                f"load: {key!r} has shape {stored[key].shape} in {name!r} and {array.shape} in the model. Are the layers of equal size?"
            )
        if stored[key].dtype.name != array.dtype.name:  # whichever byte comes first
            raise FileFormatError(
                f"load: {key!r} is {stored[key].dtype} in {name!r} and {array.dtype} in the model. Nothing is converted in silence."
            )


def _state(texts: dict[str, str], what: str, name: str) -> dict[str, Any]:
    import json

    if what not in texts:
        raise FileFormatError(
            f"load: {name!r} was saved without {what}=..., so its state is not in there. Save it too, or load without it."
        )
    try:
        return dict(json.loads(texts[what]))
    except (ValueError, TypeError, RecursionError):
        raise FileFormatError(f"load: the state of {what} in {name!r} cannot be read.") from None


def _resume(optimizer: Optimizer, state: dict[str, Any], name: str) -> None:
    try:
        optimizer.load_state_dict(state)
    except CourseError:
        raise
    except UNFIT:  # edited by hand: a file of `save` has all
        raise FileFormatError(f"load: the state of the optimizer in {name!r} is not complete.") from None


def _generator_state(rng: np.random.Generator, texts: dict[str, str], name: str) -> Any:
    """The state that was saved, tried out on a copy of the generator."""
    state = _state(texts, "rng", name)
    try:
        copy.deepcopy(rng).bit_generator.state = state
    except (ValueError, TypeError, KeyError, OverflowError):
        raise FileFormatError(
            f"load: the random state in {name!r} belongs to another kind of generator than this one. "
            "np.random.default_rng() makes the usual kind."
        ) from None
    return state
