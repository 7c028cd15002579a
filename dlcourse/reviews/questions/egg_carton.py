"""Lesson 04b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Egg carton in 1 million dimensions"

QUESTIONS = (
    Question(
        "60 updates",
        context="A small network of two tanh neurons learns by gradient descent. At the start the bound 2 / curvature is 0.1263, and the step is 0.12, a little below it.",
        asks="60 updates with step 0.12:",
        choices=("the error falls every time", "it rises somewhere"),
        answer="it rises somewhere",
        why="The bound belongs to the place where you stand. It rises at first, then it comes down below the step, and thirty updates later the error jumps.",
    ),
    Question(
        "balls",
        context="An egg carton in 100 dimensions has along each axis a deep well and a shallow one. On each single axis the deep well catches 67 % of the balls. 1 000 balls roll, and the deepest well of all is deep on every axis.",
        asks="Of 1 000 balls, the deepest well gets",
        choices=("about 670", "about 67", "none"),
        answer="none",
        why="A ball needs luck on every axis, 0.67 · 0.67 · … a hundred times. That is 1 in 10¹⁷.",
    ),
    Question(
        "plane",
        context="A network reads digits with 2 410 weights. You lay a plane through the trained weights, along two random directions, and draw the loss on it.",
        asks="Around the trained network there is",
        choices=("many wells", "one bowl", "a slope"),
        answer="one bowl",
        why="The loss is lowest where the network stands. But a plane shows 2 of 2 410 directions, and an average of the curvatures: do not trust the bowl too far.",
    ),
)
