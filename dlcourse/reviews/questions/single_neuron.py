"""Lesson 02, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Single neuron"

QUESTIONS = (
    Question(
        "XOR",
        context="Four points in a plane: (0, 1) and (1, 0) belong to one class, (0, 0) and (1, 1) to the other. This is XOR. One neuron draws one straight line, and you may lay it as you like.",
        asks="How many of the four points can one line get right?",
        choices=("2 of 4", "3 of 4", "4 of 4"),
        answer="3 of 4",
        why="The four inequalities contradict each other, so at least one point stays on the wrong side.",
    ),
    Question(
        "count",
        context="A neuron learns to tell two kinds of irises apart. Its error, which asks every flower how much probability its true kind gets, falls at every step. You also count how many flowers are right.",
        asks="While the error falls at every step, the number of right flowers",
        choices=("rises until it rests", "rises, and then falls a little", "falls first, then rises"),
        answer="rises, and then falls a little",
        why="The error is not the count. A flower that slides from 0.51 to 0.47 costs next to nothing in the error, and the count loses a whole flower.",
    ),
    Question(
        "gate",
        context="A neuron of two inputs says 1 where w₁x₁ + w₂x₂ + b is above 0. With w₁ = w₂ = 1 and b = −0.5 it is OR: 1 where at least one input is 1. Only b may change.",
        asks="With which b is it AND, 1 only where both inputs are 1?",
        choices=("0.5", "−1.5", "no b will do"),
        answer="−1.5",
        why="The sum of the inputs is 0, 1 or 2. With b = −1.5 only 2 is above 0: the line glides without turning.",
    ),
)
