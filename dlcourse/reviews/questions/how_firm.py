"""Lesson 23b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "How firm is an answer?"

QUESTIONS = (
    Question(
        "half",
        context="A network with 128 hidden neurons reads 97.8 % of 360 unseen digits. Half of the neurons go, one by one: the 64 whose weights are smallest.",
        asks="Without half of its neurons, A reads",
        choices=("about half", "about three in four", "more than nine in ten"),
        answer="more than nine in ten",
        why="As many as before. What it knows of a stroke is spread over many neurons. A network that knows shuffled labels by heart loses a tenth of them after 13 by chance.",
    ),
    Question(
        "against",
        context="Every pixel of a digit moves by 0.1, a tenth of the way from paper to ink. If a coin says up or down, the network still reads 95.0 % of them. Now the sign of the gradient decides, so that the loss grows.",
        asks="After a step of 0.1 against it, A reads",
        choices=("more than nine in ten", "about three in four", "about half"),
        answer="about half",
        why="By lot the steps cancel, against the network none does. With 64 pixels that is up to √64 = 8 times as much.",
    ),
    Question(
        "neighbours",
        context="A 9 is moved by 0.1 against network A, and A says 8. By pixels, the eight nearest of the digits that A has learned from are seven 9s and a 3. The last layer sees what the hidden neurons say.",
        asks="By hidden neurons the eight nearest are",
        choices=("mostly 9s", "some 9s and some 8s", "all of them 8s"),
        answer="all of them 8s",
        why="On the way from the pixels to the hidden neurons the 9 went over to the 8s, and the last layer reads what it finds there.",
    ),
)
