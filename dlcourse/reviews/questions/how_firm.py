"""Lesson 23b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "How firm is an answer?"

QUESTIONS = (
    Question(
        "half",
        context="A network with 128 hidden neurons reads 97.8 % of 360 unseen digits. Half of the neurons go, one by one: the 64 whose weights are smallest.",
        asks="Without half of its neurons, A reads",
        choices=("about half", "about three in four", "about nine in ten", "as many as before"),
        answer="as many as before",
        why="What it knows of a stroke is spread over many neurons. A network that knows shuffled labels by heart loses a tenth of them after 13 by chance.",
    ),
    Question(
        "against",
        context="Every pixel of a digit moves by 0.1, a tenth of the way from paper to ink. If a coin says up or down, the network still reads 95.0 % of them. Now the sign of the gradient decides, so that the loss grows.",
        asks="After a step of 0.1 against it, A reads",
        choices=("more than nine in ten", "about three in four", "about half", "hardly any"),
        answer="about half",
        why="By lot the steps cancel, against the network none does. With 64 pixels that is up to √64 = 8 times as much.",
    ),
    Question(
        "neighbours",
        context="Each pixel of 360 digits is moved by 0.1 against network A, which gets 188 of them wrong then. Each of these has a nearest digit, by hidden neurons, among those that A has learned from.",
        asks="The nearest has the label that A says for",
        choices=("nearly all", "about half", "hardly any"),
        answer="about half",
        why="For as many it still has the true label. Most that are fooled end up in between, where the neighbours quarrel. By pixels the step is hardly noticed.",
    ),
)
