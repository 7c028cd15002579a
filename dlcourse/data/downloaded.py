"""MNIST and Fashion-MNIST: not needed by any lesson, fetched once when asked for, checked, kept in a folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.errors import DataError, FileFormatError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["fashion_mnist", "mnist", "read_idx"]

# Names of the four files and their published MD5 sums: they guard against damage, not against attack.
_NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
_MNIST = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "f68b3c2dcbeaaa9fbdd348bbdeb94873 d53e105ee54ea40749a09fcbcd1e9432 "
    "9fb629c4189551a2d022fa330f9573f3 ec29112dd5afa0611ce80d1b7f02629c",
)
_FASHION = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d 25c81989df183df01b3e8a0aad5dffbe "
    "bef4ecab320f06d8554ea6380940ec79 bb300cfdad3c16e7a12a480ee83cd310",
)
_CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


def mnist(folder: str | os.PathLike[str] | None = None) -> tuple[Dataset, Dataset]:
    """Return 60 000 training and 10 000 test digits, x (N, 28, 28, 1) float32 from 0 to 1.

    Parameters
    ----------
    folder : path, optional
        Where the four files are or should be kept; by default $DLCOURSE_DATA or ~/.cache/dlcourse, and there `mnist`.

    Raises
    ------
    DataError
        If they are not there and cannot be fetched; the message says what to put where.
    FileFormatError
        If a file is damaged.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner (1998), “Gradient-Based Learning Applied to Document Recognition”.

    Examples
    --------
    The first call fetches 12 MB:

    >>> train, test = mnist()  # doctest: +SKIP
    >>> train.x.shape, test.x.shape  # doctest: +SKIP
    ((60000, 28, 28, 1), (10000, 28, 28, 1))
    """
    return _load("mnist", folder, *_MNIST, tuple("0123456789"))


def fashion_mnist(folder: str | os.PathLike[str] | None = None) -> tuple[Dataset, Dataset]:
    """Return 60 000 training and 10 000 test photographs of clothes, as `mnist` does.

    Parameters
    ----------
    folder : path, optional
        As for `mnist`; by default the folder `fashion_mnist` there.

    Raises
    ------
    DataError, FileFormatError
        As `mnist`.

    References
    ----------
    Xiao, Rasul, Vollgraf (2017), “Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms”.

    Examples
    --------
    The first call fetches 31 MB:

    >>> train, test = fashion_mnist()  # doctest: +SKIP
    >>> train.classes[9]  # doctest: +SKIP
    'ankle boot'
    """
    return _load("fashion_mnist", folder, *_FASHION, _CLOTHES)


def _load(name: str, folder: object, address: str, sums: str, classes: tuple[str, ...]) -> tuple[Dataset, Dataset]:
    from pathlib import Path

    cache = os.environ.get("DLCOURSE_DATA") or Path.home() / ".cache" / "dlcourse"
    place = Path(str(folder)) if folder is not None else Path(cache) / name
    arrays = [_file(name, place, file, address, md5) for file, md5 in zip(_NAMES, sums.split(), strict=True)]
    x, y, x_test, y_test = arrays
    train, test = (
        Dataset((images / np.float32(255))[..., None], labels.astype(np.int64), classes=classes, name=name)
        for images, labels in ((x, y), (x_test, y_test))
    )
    return train, test


def _file(name: str, place: Path, file: str, address: str, md5: str) -> Array:
    import gzip
    import hashlib

    path = place / file
    if not path.is_file():
        _fetch(name, path, address + file, md5)
    content = path.read_bytes()
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise FileFormatError(
            f"{name}: {str(path)!r} is damaged (its checksum differs). Delete it, then it is fetched again."
        )
    return read_idx(gzip.decompress(content), file)


def _fetch(name: str, path: Path, address: str, md5: str) -> None:
    """Fetch a file, check it, and only then give it its name."""
    import hashlib
    import tempfile
    import urllib.error
    import urllib.request

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(address, timeout=30) as answer:
            content = answer.read()
    except (urllib.error.URLError, OSError) as error:
        failure = DataError(
            f"{name}: {path.name} is not in {str(path.parent)!r} and could not be fetched. Without a network, put the "
            f"four files {', '.join(_NAMES)} there. dl.data.digits() needs no network."
        )
        failure.add_note(f"What the network said: {error}.")
        raise failure from None
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise FileFormatError(
            f"{name}: what came from {address} is not the known file (its checksum differs). Nothing was kept."
        )
    handle, beside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    os.replace(beside, path)


def read_idx(content: bytes, name: str = "file") -> Array:
    """Return the array in an IDX file of bytes: two zeros, the type 8, the number of axes, their sizes, the entries.

    Parameters
    ----------
    content : bytes
        Unpacked.
    name : str
        What messages call it.

    Returns
    -------
    array of uint8, of the shape that the file says

    Raises
    ------
    FileFormatError
        If it is no IDX file of bytes, or cut off.

    Examples
    --------
    >>> read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
    array([7, 8, 9], dtype=uint8)
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise FileFormatError(
            f"read_idx: {name!r} is no IDX file of bytes: it starts with {content[:4]!r}. Is it still packed (.gz), or a page that "
            "says it was not found?"
        )
    start = 4 + 4 * content[3]
    shape = tuple(int(size) for size in np.frombuffer(content[4:start][: (len(content) - 4) // 4 * 4], ">u4"))
    if len(shape) != content[3] or len(content) != start + int(np.prod(shape)):
        raise FileFormatError(
            f"read_idx: {name!r} is cut off: its head promises shape {shape}, and it holds {len(content)} bytes. Fetch it again."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
