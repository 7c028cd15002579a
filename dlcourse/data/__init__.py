"""Data sets, how to split them, and minibatches. scikit-learn, which brings the measured data, loads when asked for."""

from dlcourse.data.dataset import Batches, Dataset
from dlcourse.data.measured import breast_cancer, diabetes, digits, iris, photograph, wine
from dlcourse.data.toy import circles, moons, spirals, xor

__all__ = [
    "Batches",
    "Dataset",
    "breast_cancer",
    "circles",
    "diabetes",
    "digits",
    "iris",
    "moons",
    "photograph",
    "spirals",
    "wine",
    "xor",
]
