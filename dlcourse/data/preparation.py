"""Before training: bring features to one scale, make many images out of few, turn text into numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array, as_array, plain_array
from dlcourse.calls import explained, explains_its_settings
from dlcourse.dataset import Dataset
from dlcourse.errors import (
    ArgumentError,
    DataError,
    PositionError,
    ShapeError,
    WrongTypeError,
    brief,
    check_positive,
    check_whole,
)
from dlcourse.initializers import check_rng
from dlcourse.streams import printable

__all__ = ["Vocabulary", "augment", "next_characters", "standardize"]


@explained
def standardize(train: Dataset, *others: Dataset) -> tuple[Dataset, ...]:
    """Subtract the mean and divide by the standard deviation of each feature, both measured on `train` only.

    Measured on all examples, the test set would have a say in the training. A feature that never changes becomes 0. Whole
    numbers become float32.

    Parameters
    ----------
    train : Dataset
        x of shape (N, ...); the statistics have the shape of one example.
    *others : Dataset
        Scaled by the same numbers.

    Returns
    -------
    tuple of Dataset
        The training part first.

    Raises
    ------
    ShapeError
        If the examples of two parts differ in shape.
    DataError
        If the training part is empty.
    WrongTypeError
        If one of them is not a Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> known, unseen = dl.data.Dataset([[1.0], [3.0]], [0, 1]), dl.data.Dataset([[5.0]], [1])
    >>> train, test = dl.data.standardize(known, unseen)
    >>> train.x.tolist(), test.x.tolist()
    ([[-1.0], [1.0]], [[3.0]])
    """
    for part in (train, *others):
        if not isinstance(part, Dataset):
            raise WrongTypeError(f"standardize: expects data sets, the training part first; not {brief(part)}.")
        if part.x.shape[1:] != train.x.shape[1:]:
            raise ShapeError(
                f"standardize: an example has shape {train.x.shape[1:]} in the training part, {part.x.shape[1:]} in another."
            )
    if not len(train):
        raise DataError(
            "standardize: the training part is empty, so it has no mean. Was everything given to another part?"
        )
    mean, deviation = _statistics(train.x)
    # Rounding gives a feature that never changes a tiny deviation, and dividing by it would make it 1 or −1.
    changes = train.x.max(axis=0) > train.x.min(axis=0)
    deviation = np.where(changes, deviation, 1)
    return tuple(part._with(_scaled(part.x, mean, deviation), part.y) for part in (train, *others))


def _statistics(x: Array) -> tuple[Array, Array]:
    """Mean and standard deviation over the examples, summed in float64: a float32 sum stops growing at ten million rows."""
    mean = x.mean(axis=0, dtype=np.float64)
    squares = np.zeros_like(mean)
    for start in range(0, len(x), 1024):
        squares += np.square(x[start : start + 1024] - mean).sum(axis=0)
    return mean, np.sqrt(squares / len(x))


def _scaled(x: Array, mean: Array, deviation: Array) -> Array:
    result = np.empty(x.shape, x.dtype if x.dtype.kind == "f" else np.float32)
    np.subtract(x, mean, out=result, dtype=np.float64, casting="same_kind")
    return np.divide(result, deviation, out=result, dtype=np.float64, casting="same_kind")


@explained
def augment(
    images: Array, *, shift: int = 0, rotate: float = 0.0, noise: float = 0.0, rng: np.random.Generator
) -> Array:
    """Return changed copies of images: moved, turned, noisy; each differently. What comes in from outside is 0.

    Bytes become float32, as what lies between two pixels is not whole.

    Parameters
    ----------
    images : array, shape (N, H, W, C)
    shift : int
        Largest move in pixels, along each axis.
    rotate : float
        Largest turn in degrees, either way; values between pixels are interpolated.
    noise : float
        Standard deviation of what is added to each pixel.
    rng : numpy Generator

    Raises
    ------
    ShapeError
        If there is no axis of channels.
    ArgumentError
        If a setting is negative.

    Examples
    --------
    >>> dot = np.zeros((3, 5, 5, 1))
    >>> dot[:, 2, 2] = 1  # three images, each with one bright pixel in the middle
    >>> moved = augment(dot, shift=1, rng=np.random.default_rng(0))
    >>> moved.sum(axis=(1, 2, 3)), bool((moved == dot).all())  # still one each, now elsewhere
    (array([1., 1., 1.]), False)
    """
    images = as_array(images)
    if images.ndim != 4:
        raise ShapeError(f"augment: images have the axes (N, H, W, C); this shape is {images.shape}.")
    check_rng("augment", rng)
    shift = check_whole("augment", "shift", shift, least=0)
    rotate, noise = (check_positive("augment", k, v, zero=True) for k, v in (("rotate", rotate), ("noise", noise)))
    images = images if images.dtype.kind == "f" else images.astype(np.float32)
    if not len(images):
        return images.copy()
    angles = np.deg2rad(rng.uniform(-rotate, rotate, len(images)))
    moves = rng.integers(-shift, shift + 1, (len(images), 2))
    result = np.stack([_moved(image, *args) for image, *args in zip(images, angles, moves, strict=True)])
    if noise:
        result = result + rng.normal(0, noise, result.shape)
    return result.astype(images.dtype)


def _moved(image: Array, angle: float, move: Array) -> Array:
    """Turn about the centre, then move: each new pixel looks up where it came from (bilinear interpolation)."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(float)
    r, c = rows - (height - 1) / 2 - move[0], columns - (width - 1) / 2 - move[1]
    source_r = np.cos(angle) * r + np.sin(angle) * c + (height - 1) / 2
    source_c = -np.sin(angle) * r + np.cos(angle) * c + (width - 1) / 2
    # A frame of zeros, and whatever comes from further away comes from the frame.
    padded = np.pad(image, ((1, 2), (1, 2), (0, 0)))
    source_r, source_c = np.clip(source_r + 1, 0, height + 1), np.clip(source_c + 1, 0, width + 1)
    # A place between four pixels: the nearer one is, the more it counts.
    i, j = np.floor(source_r).astype(int), np.floor(source_c).astype(int)
    down, right = (source_r - i)[..., None], (source_c - j)[..., None]
    upper = (1 - right) * padded[i, j] + right * padded[i, j + 1]
    lower = (1 - right) * padded[i + 1, j] + right * padded[i + 1, j + 1]
    return np.asarray((1 - down) * upper + down * lower)


class Vocabulary:
    """The characters of a text, numbered in alphabetical order.

    Parameters
    ----------
    text : str

    Attributes
    ----------
    characters : list of str
        Each character at its number.
    number : dict of str to int
        The way back.

    Raises
    ------
    WrongTypeError
        If it is not a str.
    DataError
        If it is empty.

    Examples
    --------
    >>> letters = Vocabulary("banana")
    >>> letters.encode("ban").tolist(), letters.decode([2, 0])
    ([1, 0, 2], 'na')
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise WrongTypeError(f"Vocabulary: expects a text, not {brief(text)}.")
        if not text:
            raise DataError("Vocabulary: the text is empty, so there is nothing to number.")
        self.characters = sorted(set(text))
        self.number = {character: i for i, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> Array:
        """Return the number of each character of a text, shape (len(text),).

        Raises
        ------
        ArgumentError
            If there is a character that the vocabulary lacks.
        """
        for character in text:
            if character not in self.number:
                raise ArgumentError(
                    f"Vocabulary: {character!r} is not among the {len(self)} characters of the text it was made from. Make it "
                    "from all texts together."
                )
        return np.array([self.number[character] for character in text], np.int64)

    def decode(self, numbers: Any) -> str:
        """Return the text that these numbers, shape (T,), stand for.

        Raises
        ------
        WrongTypeError
            If they are not whole numbers.
        PositionError
            If one of them stands for no character.
        """
        array = plain_array(numbers)
        if array.dtype.kind not in "iu" and array.size:
            raise WrongTypeError(
                f"Vocabulary: decode expects whole numbers, not {brief(numbers)}. Scores become numbers by scores.argmax(axis=-1)."
            )
        for i in array.reshape(-1):
            if not 0 <= i < len(self):
                raise PositionError(
                    f"Vocabulary: no character has the number {i}; they are numbered 0 to {len(self) - 1}."
                )
        return "".join(self.characters[i] for i in array.reshape(-1))

    def __repr__(self) -> str:
        return printable(f"Vocabulary({len(self)} characters: {''.join(self.characters)!r})")


explains_its_settings(Vocabulary)


@explained
def next_characters(text: str, length: int, *, vocabulary: Vocabulary | None = None) -> Dataset:
    """Cut a text into pieces: x is a piece, y the same piece one character later, both (N, length) whole numbers.

    Parameters
    ----------
    text : str
        What is left over at its end is dropped.
    length : int
        Characters per piece.
    vocabulary : Vocabulary, optional
        Numbers the characters; made from the text unless given.

    Raises
    ------
    DataError
        If the text is shorter than one piece and one character.

    Examples
    --------
    >>> pairs = next_characters("abcdefg", 3)
    >>> pairs.x.tolist(), pairs.y.tolist()
    ([[0, 1, 2], [3, 4, 5]], [[1, 2, 3], [4, 5, 6]])
    """
    length = check_whole("next_characters", "length", length)
    vocabulary = vocabulary or Vocabulary(text)
    numbers = vocabulary.encode(text)
    pieces = (len(numbers) - 1) // length
    if pieces < 1:
        raise DataError(
            f"next_characters: a text of {len(text)} characters has no piece of {length} and one more. Take shorter pieces "
            "or a longer text."
        )
    end = pieces * length
    x, y = numbers[:end].reshape(pieces, length), numbers[1 : end + 1].reshape(pieces, length)
    return Dataset(x, y, classes=vocabulary.characters, name="next characters")
