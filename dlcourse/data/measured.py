"""Measured data that come with scikit-learn, which is loaded when they are asked for: no network is needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explained
from dlcourse.dataset import Dataset
from dlcourse.errors import ArgumentError
from dlcourse.surroundings import needed

__all__ = ["breast_cancer", "diabetes", "digits", "iris", "photograph", "wine"]


@explained
def digits() -> Dataset:
    """1797 handwritten digits, 8 × 8 pixels: x (1797, 8, 8, 1) float32 from 0 to 1, y from 0 to 9.

    Each pixel counts the ink in a 4 × 4 block of a scan of 32 × 32, divided by 16.

    References
    ----------
    Alpaydin, Kaynak (1998), “Optical Recognition of Handwritten Digits”, UCI Machine Learning Repository.

    Examples
    --------
    >>> digits()
    Dataset(digits: 1797 examples, x (1797, 8, 8, 1) float32 from 0 to 1, y (1797,) int64, 10 classes)
    """
    bunch = _load("digits")
    x = (bunch.images / 16).astype(np.float32)[..., None]
    return Dataset(x, bunch.target.astype(np.int64), classes=[str(i) for i in range(10)], name="digits")


@explained
def iris() -> Dataset:
    """150 irises: length and width of sepal and petal in cm, three species.

    References
    ----------
    Fisher (1936), “The Use of Multiple Measurements in Taxonomic Problems”.

    Examples
    --------
    >>> flowers = iris()
    >>> flowers.x.shape, flowers.classes
    ((150, 4), ('setosa', 'versicolor', 'virginica'))
    """
    return _table("iris")


@explained
def wine() -> Dataset:
    """178 wines: 13 chemical measurements, three growers. Unscaled on purpose: see `standardize`.

    References
    ----------
    Aeberhard, Forina (1991), “Wine”, UCI Machine Learning Repository.

    Examples
    --------
    >>> wine()
    Dataset(wine: 178 examples, x (178, 13) float32 from 0.13 to 1680, y (178,) int64, 3 classes)
    """
    return _table("wine")


@explained
def breast_cancer() -> Dataset:
    """569 tumours: 30 measurements of cell nuclei, malignant (0) or benign (1).

    References
    ----------
    Street, Wolberg, Mangasarian (1993), “Nuclear Feature Extraction for Breast Tumor Diagnosis”.

    Examples
    --------
    >>> tumours = breast_cancer()
    >>> tumours.x.shape, [int((tumours.y == label).sum()) for label in (0, 1)]
    ((569, 30), [212, 357])
    """
    return _table("breast_cancer")


@explained
def diabetes() -> Dataset:
    """442 patients: 10 measurements (scaled), and the progress of the disease after a year, y (442, 1), 25 to 346.

    References
    ----------
    Efron, Hastie, Johnstone, Tibshirani (2004), “Least Angle Regression”.

    Examples
    --------
    >>> patients = diabetes()
    >>> patients.x.shape, patients.y.shape, patients.y.dtype
    ((442, 10), (442, 1), dtype('float32'))
    """
    bunch = _load("diabetes")
    return Dataset(bunch.data.astype(np.float32), bunch.target.astype(np.float32)[:, None], name="diabetes")


@explained
def photograph(which: str = "china") -> Array:
    """Return a photograph, shape (427, 640, 3) float32 from 0 to 1: "china" (a temple) or "flower".

    Parameters
    ----------
    which : "china" or "flower"

    Raises
    ------
    ArgumentError
        If there is no such photograph.

    Examples
    --------
    >>> photograph("flower").shape
    (427, 640, 3)
    """
    if which not in ("china", "flower"):
        raise ArgumentError(f"photograph: there is no {which!r}, there are 'china' and 'flower'.")
    pixels: Array = _brought("photograph").load_sample_image(f"{which}.jpg")
    return (pixels / 255).astype(np.float32)


def _load(which: str) -> Any:
    return getattr(_brought(which), f"load_{which}")()


def _brought(owner: str) -> Any:
    """scikit-learn's data sets."""
    return needed(owner, "sklearn.datasets", "scikit-learn", "these data come with")


def _table(which: str) -> Dataset:
    bunch = _load(which)
    classes = [str(name) for name in bunch.target_names]
    return Dataset(bunch.data.astype(np.float32), bunch.target.astype(np.int64), classes=classes, name=which)
