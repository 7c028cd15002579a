"""dl.load_from: weights of a PyTorch or Keras model come back, with the conventions turned round."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

from dlcourse import file_format, files
from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, FileFormatError, WrongTypeError, brief, counted, joined
from dlcourse.layers.module import Flatten, Module
from dlcourse.layers.recurrent import GRU
from dlcourse.translation.conventions import NAMES, Arrays, expected, here
from dlcourse.translation.plan import CHANNELS_FIRST, Shape, Step, plan

__all__ = ["load_from"]

# How the name of an array is parted from that of its layer, and what only the other library needs.
DIVIDES = {"pytorch": ".", "keras": "/"}
NUMBERS = r"[\d._]+"  # what names may differ in, if their order is to be plain: layer2, layer10 or dense, dense_1
THEIR_OWN = ("num_batches_tracked", "seed_generator_state")


@explained
def load_from(
    model: Module,
    path: str | os.PathLike[str],
    source: str = "pytorch",
    *,
    names: Sequence[str] | None = None,
    input_shape: Shape | None = None,
) -> None:
    """Read the weights of the same network in another library into a model. Nothing is changed if anything does not fit.

    The file comes from ``safetensors.torch.save_file(model.state_dict(), path)``, or in Keras from
    ``safetensors.numpy.save_file({v.path: np.ascontiguousarray(v) for v in model.variables}, path)``; without that word a
    matrix that lies turned in memory is written transposed, in silence. A file from JAX in our own layout is one for `load`.

    Parameters
    ----------
    model : Module
        Made of the same layers in the same order.
    path : str or Path
    source : "pytorch" or "keras"
        Whose conventions the file follows.
    names : list of str, optional
        What the layers with weights are called there, in the order of this model. It is not needed where the names differ in
        their numbers only, as in a `Sequential` and in the programs of `translate`.
    input_shape : tuple of int, optional
        Shape of one example, where PyTorch flattens images; that of the model's last batch unless given.

    Raises
    ------
    FileFormatError
        If the file is broken, or its layers, arrays, shapes or types do not fit; the message names them.
    MissingFileError
        If there is no such file.
    ArgumentError
        If the names do not tell which layer is which, or the shape of an example is needed and not known.
    WrongTypeError
        If the model holds classes or functions of your own.

    Examples
    --------
    >>> import os, tempfile, numpy as np, dlcourse as dl
    >>> from safetensors.numpy import save_file
    >>> model = dl.Dense(3, 1, rng=np.random.default_rng(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "theirs.safetensors")
    ...     save_file({"line.weight": np.float32([[1, 2, 3]]), "line.bias": np.float32([4])}, path)
    ...     dl.load_from(model, path, "pytorch")
    >>> model.weight.data.shape, model([[1.0, 1.0, 1.0]]).item()
    ((3, 1), 10.0)
    """
    if source not in DIVIDES:
        raise ArgumentError(
            f'load_from: source is "pytorch" or "keras", not {brief(source)}. Files of dl.save are read by dl.load.'
        )
    steps = [step for step in _plan(model, source, input_shape) if type(step.layer) in NAMES[source]]
    name = os.path.basename(path)
    stored, _ = file_format.from_bytes("load_from", files.read("load_from", path), name)
    layers = _by_layer(stored, DIVIDES[source])
    ours: Arrays = {}
    for step, theirs in zip(steps, _ordered(name, steps, list(layers), names), strict=True):
        _compare(name, step, source, theirs, layers[theirs])
        ours |= {step.key(key): array for key, array in here(step, source, layers[theirs]).items()}
    # From here on nothing can fail.
    parameters, buffers = model.named_parameters(), model.named_buffers()
    for key, array in ours.items():
        if key in parameters:
            parameters[key]._write(array)
        else:
            buffers[key][...] = array


def _plan(model: Any, source: str, input_shape: Shape | None) -> list[Step]:
    """The steps of the model; shapes only where an image is flattened in another order."""
    steps = plan("load_from", model, None, shapes=False)
    kinds = [type(step.layer) for step in steps]
    turned = [i for i, kind in enumerate(kinds) if kind in CHANNELS_FIRST]
    if source == "pytorch" and turned and Flatten in kinds[turned[0] :]:
        return plan("load_from", model, input_shape)
    return steps


def _by_layer(stored: Arrays, divide: str) -> dict[str, Arrays]:
    """The arrays of each layer under their own names, and the layers under theirs."""
    layers: dict[str, Arrays] = {}
    for key, array in stored.items():
        layer, _, own = key.rpartition(divide)
        layer = re.sub(r"/\w+_cell$", "", layer)  # in Keras the cell of a recurrent layer holds its weights
        if own not in THEIR_OWN:
            layers.setdefault(layer, {})[own] = array
    return layers


def _ordered(name: str, steps: list[Step], layers: list[str], names: Any) -> list[str]:
    """The names of the layers there, in the order of the steps."""
    if names is not None:
        if isinstance(names, str) or not all(isinstance(one, str) for one in names):
            raise WrongTypeError(f"load_from: names is a list of the layers' names in the file, not {brief(names)}.")
        if sorted(names) != sorted(layers):
            raise ArgumentError(
                f"load_from: names should have every layer of {name!r} once, in the order of the model. They are "
                f"{joined(sorted(layers))}, and names has {joined(names)}."
            )
    if len(layers) != len(steps):
        raise FileFormatError(
            f"load_from: {name!r} has {counted(len(layers), 'layer')} with weights ({joined(sorted(layers))}), and the model "
            f"has {len(steps)}: {joined(step.layer.describe() for step in steps)}."
        )
    if names is not None:
        return list(names)
    if len({re.sub(NUMBERS, "", layer) for layer in layers}) > 1:
        raise ArgumentError(
            f"load_from: the names in {name!r} do not tell the order of the layers. Give it with names=[...]: one of "
            f"{joined(sorted(layers))} for each of {joined(step.layer.describe() for step in steps)}."
        )
    return sorted(layers, key=lambda layer: [int(number) for number in re.findall(r"\d+", layer)])


def _compare(name: str, step: Step, source: str, layer: str, arrays: Arrays) -> None:
    """Raise an error unless the layer has the arrays that it should have in the other library."""
    what, shapes = step.layer.describe(), expected(step, source)
    if arrays.keys() != shapes.keys():
        raise FileFormatError(
            f"load_from: layer {layer!r} in {name!r} has {joined(sorted(arrays))}; for {what} it should have "
            f"{joined(sorted(shapes))}."
        )
    kind = step.layer.parameters()[0].dtype
    for key, array in arrays.items():
        if array.shape != shapes[key]:
            hint = ""
            if source == "keras" and isinstance(step.layer, GRU) and key == "bias":
                hint = " A GRU with reset_after=False computes something else, and its weights are of no use here."
            raise FileFormatError(
                f"load_from: {key!r} of layer {layer!r} in {name!r} has shape {array.shape}, and {what} has {shapes[key]} "
                f"there.{hint}"
            )
        if array.dtype != kind:
            raise FileFormatError(
                f"load_from: {key!r} of layer {layer!r} in {name!r} is {array.dtype} and the model is {kind}. Nothing is "
                "converted in silence; save it as it should be."
            )
