"""MNIST and Fashion-MNIST: not needed by any lesson, fetched once when asked for, checked, kept in a folder."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from typing import Any

import numpy as np

from dlcourse import files
from dlcourse.arrays import Array
from dlcourse.calls import explained
from dlcourse.dataset import Dataset
from dlcourse.errors import DataError, FileFormatError, MissingFileError, WrongTypeError, brief, counted

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
_SECONDS = 30  # without an answer
_LARGEST = 100_000_000  # bytes; the largest of the files has 26 million
_PART = 1 << 16
_CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


@explained
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
        If a file is damaged, or the network gave something else.
    NoPermissionError, FileAccessError
        If they may not be read or kept there.

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


@explained
def fashion_mnist(folder: str | os.PathLike[str] | None = None) -> tuple[Dataset, Dataset]:
    """Return 60 000 training and 10 000 test photographs of clothes, as `mnist` does.

    Parameters
    ----------
    folder : path, optional
        As for `mnist`; by default the folder `fashion_mnist` there.

    Raises
    ------
    DataError, FileFormatError, NoPermissionError, FileAccessError
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


def _load(name: str, folder: Any, address: str, sums: str, classes: tuple[str, ...]) -> tuple[Dataset, Dataset]:
    cache = os.environ.get("DLCOURSE_DATA") or os.path.join("~", ".cache", "dlcourse")
    place = files.expanded(name, os.path.join(cache, name) if folder is None else folder, "my_data")
    arrays = [_file(name, place, file, address, md5) for file, md5 in zip(_NAMES, sums.split(), strict=True)]
    x, y, x_test, y_test = arrays
    train, test = (
        Dataset((images / np.float32(255))[..., None], labels.astype(np.int64), classes=classes, name=name)
        for images, labels in ((x, y), (x_test, y_test))
    )
    return train, test


def _file(name: str, place: str, file: str, address: str, md5: str) -> Array:
    """What one of the four files holds; it is fetched first if it is not there."""
    import gzip
    import zlib

    path = os.path.join(place, file)
    content = None
    with suppress(MissingFileError):
        content = files.read(name, path)
    if content is None:
        elsewhere = f"Name another folder: dl.data.{name}('my_data'), or the environment's DLCOURSE_DATA."
        files.make_folder(name, place, elsewhere=elsewhere)
        content = _fetch(name, place, file, address + file, md5)
        files.write(name, path, content, elsewhere=elsewhere)
    if _md5(content) != md5:
        raise FileFormatError(
            f"{name}: {path!r} is damaged (its checksum differs). Delete it, then it is fetched again."
        )
    try:
        return read_idx(gzip.decompress(content), file)
    except (OSError, EOFError, zlib.error):
        raise FileFormatError(f"{name}: {path!r} cannot be unpacked. Delete it, then it is fetched again.") from None


def _md5(content: bytes) -> str:
    import hashlib

    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _fetch(name: str, place: str, file: str, address: str, md5: str) -> bytes:
    """The content of a file from the network, checked."""
    import http.client
    import urllib.error

    by_hand = f"Without a network, put the four files {', '.join(_NAMES)} there. dl.data.digits() needs no network."
    try:
        content = _download(address)
    except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: led to an address that is none
        failure = DataError(f"{name}: {file} is not in {place!r} and could not be fetched. {by_hand}")
        failure.add_note(f"What the network said: {type(error).__name__}: {error}.")
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise failure from None
    if _md5(content) != md5:
        raise FileFormatError(
            f"{name}: what came from {address} is not the known file (its checksum differs), perhaps a page that asks to log in. "
            f"Nothing was kept in {place!r}. {by_hand}"
        )
    return content


def _download(address: str) -> bytes:
    """What an address gives, up to `_LARGEST` bytes; anything longer is not one of our files."""
    import http.client
    import urllib.request

    parts, size = [], 0
    with urllib.request.urlopen(address, timeout=_SECONDS) as answer:
        while size <= _LARGEST:  # in parts: a header may promise more than fits in memory
            part = answer.read(_PART)
            if not part:
                break
            parts.append(part)
            size += len(part)
        promised = answer.headers.get("Content-Length", "")
    content = b"".join(parts)
    if promised.isdecimal() and size < min(int(promised), _LARGEST):
        raise http.client.IncompleteRead(content, int(promised) - size)
    return content


@explained
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
        If it is not an IDX file of bytes, or is cut off.
    WrongTypeError
        If `content` is not bytes.

    Examples
    --------
    >>> read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
    array([7, 8, 9], dtype=uint8)
    """
    if not isinstance(content, (bytes, bytearray)):
        raise WrongTypeError(
            f"read_idx: the content of a file is bytes, as Path(...).read_bytes() gives, not {brief(content)}."
        )
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise FileFormatError(
            f"read_idx: {name!r} is no IDX file of bytes: it starts with {content[:4]!r}. Is it still packed (.gz), or a page that "
            "says it was not found?"
        )
    start = 4 + 4 * content[3]
    shape = tuple(int(size) for size in np.frombuffer(content[4:start][: (len(content) - 4) // 4 * 4], ">u4"))
    if len(shape) != content[3] or len(content) != start + math.prod(shape):
        raise FileFormatError(
            f"read_idx: {name!r} is cut off: its head promises shape {shape}, and it holds {len(content)} bytes. Fetch it again."
        )
    try:
        return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
    except ValueError:  # more axes than NumPy has, or sizes beyond all memory beside a 0
        raise FileFormatError(
            f"read_idx: {name!r} is damaged: its head promises {counted(len(shape), 'axis')} of sizes that no array can have. Fetch it "
            "again."
        ) from None
