"""Named arrays as bytes and back, in the safetensors format, with a checksum that notices every changed bit.

The format is plain numbers behind a header of JSON, nothing that could be executed, and other libraries read it too. The
checksum stands among the texts of the header. Files without one, written by other libraries, are read all the same.
"""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import FileFormatError, WrongTypeError, counted
from dlcourse.surroundings import needed

__all__ = ["from_bytes", "to_bytes"]

FORMAT = "dlcourse"
WHY = "files of weights are written and read by"
VERSION = 2  # 1 had no checksum, and wrote a single number with shape (1,)
CHECKSUM = "dlcourse.checksum"  # a name that no other library gives to a text of its own
TYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BOOL": "bool",
    "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8",
    "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8",
}  # fmt: skip


def to_bytes(owner: str, arrays: dict[str, Array], texts: dict[str, str]) -> bytes:
    """The content of a file.

    Parameters
    ----------
    owner : str
        Who writes it, for messages.
    arrays : dict of str to array
    texts : dict of str to str
        What else is to be kept.

    Raises
    ------
    WrongTypeError
        If an array holds no numbers that the format knows.
    MissingPackageError
        If safetensors is not installed.
    """
    plain = {name: _plain(owner, name, array) for name, array in arrays.items()}
    texts = {"format": FORMAT, "version": str(VERSION), **texts}
    library = needed(owner, "safetensors.numpy", "safetensors", WHY)
    content: bytes = library.save(plain, texts | {CHECKSUM: _checksum(plain, texts)})
    return content


def from_bytes(owner: str, content: bytes, name: str) -> tuple[dict[str, Array], dict[str, str]]:
    """The arrays and texts in a file.

    Parameters
    ----------
    owner : str
        Who reads it, for messages.
    content : bytes
    name : str
        The name of the file, for messages.

    Raises
    ------
    FileFormatError
        If it is cut off, damaged, no such file, or holds numbers that NumPy does not know.
    MissingPackageError
        If safetensors is not installed.
    """
    library = needed(owner, "safetensors", "safetensors", WHY)
    try:
        parts = library.deserialize(content)
    except (library.SafetensorError, ValueError, TypeError) as error:
        failure = FileFormatError(
            f"{owner}: {name!r} is not a complete safetensors file. Was it cut off, or made by something other than dl.save?"
        )
        failure.add_note(f"The reader of safetensors says: {error}.")
        raise failure from None
    arrays = {}
    for key, part in parts:
        if part["dtype"] not in TYPES:
            raise FileFormatError(
                f"{owner}: {key!r} in {name!r} holds numbers of the type {part['dtype']}, which NumPy does not know. Save it as "
                "float32 where it was made."
            )
        try:
            arrays[key] = np.frombuffer(part["data"], TYPES[part["dtype"]]).reshape(part["shape"])
        except ValueError:  # more axes than NumPy has, or sizes beyond all memory beside a 0
            raise FileFormatError(
                f"{owner}: {key!r} in {name!r} has {counted(len(part['shape']), 'axis')} of sizes that no array can have. Was the file "
                "made by something other than dl.save?"
            ) from None
    texts = _texts(content)
    _verify(owner, name, arrays, texts)
    return arrays, texts


def _plain(owner: str, name: str, array: Array) -> Array:
    """The same numbers one after another in memory, lowest byte first; the shape stays, that of a single number too."""
    if array.dtype.name not in TYPES.values():
        kind = {"U": "text", "S": "text", "O": "objects"}.get(array.dtype.kind, array.dtype.name)
        raise WrongTypeError(
            f"{owner}: {name} is an array of {kind}. What is saved are arrays of floats, whole numbers or truth values."
        )
    return np.asarray(array, array.dtype.newbyteorder("<"), order="C")


def _texts(content: bytes) -> dict[str, str]:
    """The texts in the header, which begins after the eight bytes that tell its length."""
    import json

    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return dict(header.get("__metadata__") or {})


def _checksum(arrays: dict[str, Array], texts: dict[str, str]) -> str:
    """SHA-256 of everything: texts, names, types, shapes, numbers."""
    import hashlib
    import json

    total = hashlib.sha256(json.dumps(sorted(texts.items())).encode())
    for name in sorted(arrays):
        array = arrays[name]
        total.update(json.dumps([name, array.dtype.name, array.shape]).encode())
        total.update(array.reshape(-1).view(np.uint8).data)
    return total.hexdigest()


def _verify(owner: str, name: str, arrays: dict[str, Array], texts: dict[str, str]) -> None:
    version = texts.get("version", "1") if texts.get("format") == FORMAT else "1"
    if version.isdecimal() and len(version) < 9 and int(version) > VERSION:
        raise FileFormatError(
            f"{owner}: {name!r} was written by a newer dlcourse (its format is {version}, this one knows {VERSION}), or it is "
            "damaged. Install the newest: pip install --upgrade dlcourse."
        )
    rest = {key: text for key, text in texts.items() if key != CHECKSUM}
    expected = _checksum(arrays, rest) if version != "1" or CHECKSUM in texts else None
    if texts.get(CHECKSUM) != expected:
        raise FileFormatError(
            f"{owner}: {name!r} is damaged, it does not hold what was saved (its checksum differs). Save it again, or bring "
            "another copy of it."
        )
