"""Data sets, how to split them, and minibatches. scikit-learn, which brings the measured data, loads when asked for."""

from dlcourse.data.dataset import Batches, Dataset
from dlcourse.data.downloaded import fashion_mnist, mnist
from dlcourse.data.measured import breast_cancer, diabetes, digits, iris, photograph, wine
from dlcourse.data.names import names, spelled
from dlcourse.data.preparation import Vocabulary, augment, next_characters, standardize
from dlcourse.data.sunspots import sunspots
from dlcourse.data.toy import circles, moons, spirals, xor

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
    "spelled",
    "spirals",
    "standardize",
    "sunspots",
    "wine",
    "xor",
]
