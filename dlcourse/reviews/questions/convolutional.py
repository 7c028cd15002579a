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
        "work",
        context="A convolution of 16 filters of 3 × 3 on a photograph in colour learns 448 numbers. A photograph of 427 × 640 pixels passes through it.",
        asks="For one photograph the convolution multiplies",
        choices=("448 times", "about 270 000 times", "more than 100 million times"),
        answer="more than 100 million times",
        why="There are 271 150 places, and each of them uses all 432 weights again. Few weights are much work.",
    ),
    Question(
        "one pixel",
        context="A kernel for vertical edges is laid on a photograph with stride 2. Shifted by two pixels, the photograph gives the old map, shifted by one place.",
        asks="With stride 2, the photograph shifted by one pixel gives",
        choices=("the old map, one place further", "the old map, where it was", "another map"),
        answer="another map",
        why="The kernel then meets what was in the columns that it had left out: sums that the old map has never taken.",
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
