"""Lesson 19, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Losses"

QUESTIONS = (
    Question(
        "confidently wrong",
        context="The truth is yes, and a network's score is −6, so p = 0.0025. Each loss pushes the score by steps of rate 1. Under cross-entropy it is past 0 after 7 steps.",
        asks="Under squared error the score is past 0 after",
        choices=("about 7", "about 20", "about 200"),
        answer="about 200",
        why="The gradient of squared error passes the sigmoid, whose slope p (1 − p) is next to nothing where it is sure. Cross-entropy's −1/p makes up for it.",
    ),
    Question(
        "slip of the pen",
        context="The best line by absolute error runs through eleven irises. One petal's width lies above the line, and somebody types it five centimetres wider still, 7.3 for 2.3.",
        asks="The line of absolute error will go up there",
        choices=("about as far", "about a tenth as far", "not at all"),
        answer="not at all",
        why="Under absolute error each flower pulls with 1, however far off it is. This one pulled upwards before, and as strongly afterwards.",
    ),
    Question(
        "nine of ten",
        context="Ten patients look the same to a network, and nine of them are ill. It must say one p for all ten, and absolute error |p − y| is averaged.",
        asks="Under absolute error the cheapest p is",
        choices=("0.5", "0.9", "1"),
        answer="1",
        why="Its best answer is the median, and the median of nine ones and a zero is 1. Squared error and cross-entropy ask for the share, 0.9.",
    ),
    Question(
        "frightened",
        context="A network misses 20 malignant tumours of 107 and frightens 13 healthy people. A miss shall count ten times. Trained once more, it misses 4.",
        asks="With the weight, so many healthy are frightened",
        choices=("about as many", "about 30", "more than 50"),
        answer="more than 50",
        why="Recall goes up from 81 % to 96 %, and it is paid for with healthy people: 66 of them are frightened.",
    ),
)
