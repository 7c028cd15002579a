"""Lesson 13, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Convolutional networks"

QUESTIONS = (
    Question(
        "sky",
        context="A kernel of nine weights has −1, −2, −1 in its left column, zeros in the middle and 1, 2, 1 in the right column. It is laid on a sky that is nearly even.",
        asks="Over the even sky the map will be",
        choices=("as bright as the sky", "twice as bright", "nearly zero"),
        answer="nearly zero",
        why="Where all nine pixels are equal, the left column takes away what the right one adds.",
    ),
    Question(
        "shift",
        context="A convolutional network reads 359 unseen digits, nearly all of them rightly. Behind its convolutions stands a dense layer. Now every digit is shifted one pixel to the right.",
        asks="Shifted by one pixel, the network reads right",
        choices=("all but a few, as before", "between half and nine in ten", "one in ten, as by guessing"),
        answer="between half and nine in ten",
        why="The maps follow the shift, the dense layer behind them does not: its weights are tied to places. Equivariant is not invariant.",
    ),
    Question(
        "stride",
        context="A kernel of 3 × 3 is laid on a picture of 106 × 160 pixels wherever it fits, and the map has 104 × 158. Now the stride is 2: it moves on by two pixels, in both directions.",
        asks="The map then has",
        choices=("52 × 79 pixels", "104 × 79 pixels", "53 × 80 pixels"),
        answer="52 × 79 pixels",
        why="Every second sum in each direction, so a quarter of them.",
    ),
)
