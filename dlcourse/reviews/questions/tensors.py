"""Lesson 10, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Tensors"

QUESTIONS = (
    Question(
        "index",
        context="x is a photograph of shape (427, 640, 3): height, width, colour. You take one row out of it.",
        asks="The shape of x[256]",
        choices=("(640, 3)", "(1, 640, 3)", "(427, 3)"),
        answer="(640, 3)",
        why="A whole number as an index takes its axis away. A slice would keep it.",
    ),
    Question(
        "broadcast",
        context="a is a column of four numbers, of shape (4, 1), and b a row of three, of shape (3,).",
        asks="The shape of a + b",
        choices=("(4, 3)", "(4, 1)", "an error"),
        answer="(4, 3)",
        why="Shapes are laid on each other at their last axes. An axis of size 1 is stretched, and so is one that is missing: every number of a meets every number of b.",
    ),
    Question(
        "mean",
        context="x is a photograph of shape (427, 640, 3): height, width, colour. You take its mean over height and width: x.mean(axis=(0, 1)).",
        asks="What is the shape of the mean colour?",
        choices=("()", "(3,)", "(427, 640)"),
        answer="(3,)",
        why="A mean takes away the axes that it runs over. What is left is a number for each colour.",
    ),
)
