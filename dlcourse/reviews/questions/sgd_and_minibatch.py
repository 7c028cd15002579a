"""Lesson 06, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "SGD and minibatch"

QUESTIONS = (
    Question(
        "half",
        context="The gradient of a minibatch of 8 examples, drawn from 1024, is off the true gradient by 2.02 times its length. You want half of that.",
        asks="Half the noise needs a batch of",
        choices=("16", "32", "64"),
        answer="32",
        why="The noise falls like 1/√B: four times the examples, half the noise.",
    ),
    Question(
        "race",
        context="Four runners train the same network with the same learning rate for eight epochs. Their batches have 1, 8, 64 and all 1024 digits. Each has looked at equally many digits in the end.",
        asks="Lowest loss after eight epochs",
        choices=("B = 1", "B = 8", "B = 64", "B = 1024"),
        answer="B = 1",
        why="By examples, it made 8192 steps where the whole batch made 8. By seconds it does not win, for a processor handles 64 digits for little more than the price of one.",
    ),
    Question(
        "a step of all",
        context="Two runners begin at the same weights, with the same learning rate. After 8 steps with minibatches of 64 of the 1024 digits, the training loss of the first is 2.11.",
        asks="After 8 steps of all 1024 digits the loss is …",
        choices=("2.11, the same", "about half of that", "about a sixteenth of that"),
        answer="2.11, the same",
        why="A batch of 64 already points nearly the right way. Sixteen times the cost buys nothing in a step.",
    ),
)
