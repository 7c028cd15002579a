"""Weights in and out of files, in the safetensors format: plain numbers, nothing that could be executed."""

from __future__ import annotations

import copy
import os
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explained
from dlcourse.errors import DataError, FileFormatError, MissingFileError, WrongTypeError, brief, joined
from dlcourse.initializers import check_rng
from dlcourse.layers.module import Module
from dlcourse.optimizers.optimizer import Optimizer

__all__ = ["load", "save"]

VERSION = "1"
OPTIMIZER = "optimizer/"


@explained
def save(
    model: Module,
    path: str | os.PathLike[str],
    *,
    optimizer: Optimizer | None = None,
    rng: np.random.Generator | None = None,
) -> None:
    """Write a model's weights, and the running averages of its `BatchNorm` layers, to a file, under their names.

    The file is written beside and then renamed: an interruption never leaves half a file under this name.

    Parameters
    ----------
    model : Module
    path : str or Path
        By custom it ends in .safetensors.
    optimizer, rng : optional
        Keep their state too: training then goes on as if it had never stopped.

    Raises
    ------
    WrongTypeError
        If `model` is no Module.
    DataError
        If it has no parameters.
    MissingFileError
        If there is no such folder.
    FileFormatError
        If the path is that of a folder.

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
    import tempfile

    from safetensors.numpy import save as to_bytes

    arrays = _arrays("save", model)
    _check_path("save", path)
    _check_state("save", optimizer, rng)
    metadata = {"format": "dlcourse", "version": VERSION}
    if optimizer is not None:
        state = optimizer.state_dict()
        metadata["optimizer"] = json.dumps({key: v for key, v in state.items() if not isinstance(v, np.ndarray)})
        arrays |= {OPTIMIZER + key: v for key, v in state.items() if isinstance(v, np.ndarray)}
    if rng is not None:
        metadata["rng"] = json.dumps(rng.bit_generator.state, default=lambda value: np.asarray(value).tolist())
    content = to_bytes({name: np.ascontiguousarray(array) for name, array in arrays.items()}, metadata)
    folder, name = os.path.split(path)
    if not os.path.isdir(folder or "."):
        raise MissingFileError(f"save: there is no folder {folder!r}. Make it first.")
    handle, beside = tempfile.mkstemp(dir=folder or ".", prefix=f".{name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.remove(beside)
        raise


@explained
def load(
    model: Module,
    path: str | os.PathLike[str],
    *,
    optimizer: Optimizer | None = None,
    rng: np.random.Generator | None = None,
) -> None:
    """Read weights from a file into a model of the same layers. Nothing is changed if anything does not fit.

    Parameters
    ----------
    model : Module
    path : str or Path
    optimizer, rng : optional
        Take over their state too, if the file has it.

    Raises
    ------
    FileFormatError
        If the file is broken or truncated, or names, shapes or types differ; the message names them.
    MissingFileError
        If there is no such file; a FileNotFoundError too.
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
    found, metadata = _read(path)
    kept = {name.removeprefix(OPTIMIZER): found.pop(name) for name in list(found) if name.startswith(OPTIMIZER)}
    _compare(os.path.basename(path), arrays, found)
    generator_state: Any = _generator_state(rng, metadata, path) if rng is not None else None
    if optimizer is not None:
        optimizer.load_state_dict({**_wanted(metadata, "optimizer", path), **kept})
    # From here on nothing can fail.
    if rng is not None:
        rng.bit_generator.state = generator_state
    for name, array in arrays.items():
        array[...] = found[name]


def _arrays(owner: str, model: Any) -> dict[str, Array]:
    """The arrays of a model by name: parameters, and what layers keep besides them (running means)."""
    if not isinstance(model, Module):
        raise WrongTypeError(f"{owner}: wants a model (a Module) and a path, in this order; not {brief(model)} first.")
    arrays = {name: p.data for name, p in model.named_parameters().items()} | model.named_buffers()
    if not arrays:
        raise DataError(f"{owner}: the model has no parameters. Does it hold its layers as attributes?")
    return arrays


def _check_path(owner: str, path: Any) -> None:
    if not isinstance(path, (str, os.PathLike)):
        raise WrongTypeError(f"{owner}: the path is text, such as 'weights.safetensors', not {brief(path)}.")
    if os.path.isdir(path):
        raise FileFormatError(f"{owner}: {str(path)!r} is a folder. Name a file in it, such as 'weights.safetensors'.")


def _check_state(owner: str, optimizer: Any, rng: Any) -> None:
    if optimizer is not None and not isinstance(optimizer, Optimizer):
        raise WrongTypeError(f"{owner}: optimizer should be the one that trains the model, not {brief(optimizer)}.")
    if rng is not None:
        check_rng(owner, rng)


def _read(path: str | os.PathLike[str]) -> tuple[dict[str, Array], dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    if not os.path.isfile(path):
        raise MissingFileError(f"load: there is no file {str(path)!r}. Was it saved in another folder?")
    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        failure = FileFormatError(
            f"load: {os.path.basename(path)!r} is no complete safetensors file. Was it cut off, or made by something else than dl.save?"
        )
        failure.add_note(f"The reader of safetensors says: {error}.")
        raise failure from None


def _compare(name: str, mine: dict[str, Array], found: dict[str, Array]) -> None:
    missing, extra = sorted(mine.keys() - found.keys()), sorted(found.keys() - mine.keys())
    if missing or extra:
        parts = [f"it lacks {joined(missing)}"] if missing else []
        parts += [f"it has {joined(extra)}, which the model lacks"] if extra else []
        raise FileFormatError(
            f"load: {name!r} is for another model: {'; '.join(parts)}. Make the layers as they were when it was saved."
        )
    for key, array in mine.items():
        if found[key].shape != array.shape:
            raise FileFormatError(
                f"load: {key!r} has shape {found[key].shape} in {name!r} and {array.shape} in the model. Are the layers of equal size?"
            )
        if found[key].dtype != array.dtype:
            raise FileFormatError(
                f"load: {key!r} is {found[key].dtype} in {name!r} and {array.dtype} in the model. Nothing is converted in silence."
            )


def _wanted(metadata: dict[str, str], what: str, path: Any) -> dict[str, Any]:
    import json

    if what not in metadata:
        raise FileFormatError(
            f"load: {os.path.basename(path)!r} was saved without {what}=..., so its state is not in there. Save it too, or load "
            "without it."
        )
    try:
        return dict(json.loads(metadata[what]))
    except ValueError:
        raise FileFormatError(f"load: the state of {what} in {os.path.basename(path)!r} cannot be read.") from None


def _generator_state(rng: np.random.Generator, metadata: dict[str, str], path: Any) -> Any:
    """The state that was saved, tried out on a copy of the generator."""
    state = _wanted(metadata, "rng", path)
    try:
        copy.deepcopy(rng).bit_generator.state = state
    except (ValueError, TypeError, KeyError):
        raise FileFormatError(
            f"load: the random state in {os.path.basename(path)!r} belongs to another kind of generator than this one. "
            "np.random.default_rng() makes the usual kind."
        ) from None
    return state
