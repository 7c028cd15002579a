"""Data sets, how to split them, and minibatches. scikit-learn, which brings the measured data, loads when asked for."""

from typing import Any

from dlcourse.batches import Batches
from dlcourse.data.downloaded import fashion_mnist, mnist, read_idx
from dlcourse.data.measured import breast_cancer, diabetes, digits, iris, photograph, wine
from dlcourse.data.names import names, spelled
from dlcourse.data.preparation import Vocabulary, augment, next_characters, standardize
from dlcourse.data.sunspots import sunspots
from dlcourse.data.toy import circles, moons, spirals, xor
from dlcourse.dataset import Dataset
from dlcourse.errors import UnknownNameError, closest

__all__ = [
    "Batches",
    "Dataset",
    "Vocabulary",
    "augment",
    "breast_cancer",
    "circles",
    "diabetes",
    "digits",
    "fashion_mnist",
    "iris",
    "mnist",
    "moons",
    "names",
    "next_characters",
    "photograph",
    "read_idx",
    "spelled",
    "spirals",
    "standardize",
    "sunspots",
    "wine",
    "xor",
]


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    meant = closest(name, __all__)
    hint = f"Did you mean {meant!r}?" if meant else "dir(dl.data) lists what there is."
    raise UnknownNameError(f"dl.data has no {name!r}. {hint}")
