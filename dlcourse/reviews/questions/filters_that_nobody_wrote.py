"""Lesson 13b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Filters that nobody wrote"

QUESTIONS = (
    Question(
        "field",
        context="Four layers: a convolution of 3 × 3, a second one, a pooling of 2 × 2, a third convolution of 3 × 3. A number behind the pooling sees 6 × 6 pixels of the picture.",
        asks="Behind the third convolution a number sees, along one side,",
        choices=("8 pixels", "10 pixels", "18 pixels"),
        answer="10 pixels",
        why="Behind the pooling each neighbour stands for a window 2 pixels wide, so a kernel of 3 adds 4 and not 2.",
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
        "last year",
        context="A kernel of two weights slides along 120 years and learns to compute the sunspots of the next year from those of this year and of last year.",
        asks="The weight of last year ends",
        choices=("as high as this year's", "above zero, but lower", "below zero"),
        answer="below zero",
        why="This year counts for more than it is worth, and last year against: go on in the direction you were going, and come back in the end.",
    ),
)
