"""Lesson 00, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Start here"

QUESTIONS = (
    Question(
        "E",
        context="A network has learned to tell ten handwritten digits apart. Somebody draws a capital E.",
        asks="Of an E the network will say …",
        choices=("that it is no digit", "some digit, but unsure", "some digit, and be sure of it"),
        answer="some digit, and be sure of it",
        why="Softmax shares one whole among the ten digits, whatever comes in. To this network a wide E is a 5, by more than 99 %.",
    ),
    Question(
        "widths",
        context="A network that reads digits sees three hundred E's from an unsteady hand: a hundred narrow ones, a hundred of middle width, a hundred wide ones.",
        asks="Another digit than in the other two is read in",
        choices=("the narrow ones", "the middle ones", "the wide ones"),
        answer="the narrow ones",
        why="A wide E has the bars of a 5. Squeezed to a third, it is mostly its spine, and a spine is a 1.",
    ),
    Question(
        "nothing",
        context="A network reads ten digits, and softmax makes its ten probabilities. The picture is now empty paper, all zeros.",
        asks="How much do the ten probabilities of the empty picture add up to?",
        choices=("0, there is nothing to read", "less than 1", "1, as always"),
        answer="1, as always",
        why="Softmax divides by the sum, so something is shared out even where there is nothing. There is no eleventh bar for “none of these”.",
    ),
)
