"""Lesson 20, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Regularization"

QUESTIONS = (
    Question(
        "held back",
        context="A polynomial of degree 14 hits all of its 15 noisy points, and its error on unseen ones is 38 million. Degree 5, the best of all, has 0.098. Now degree 14 gets an L2 penalty with the best λ.",
        asks="With L2 and the best λ, degree 14 has an error of",
        choices=("more than 10", "about 1", "about 0.1"),
        answer="about 0.1",
        why="No weight was taken away, but each must be paid for. With λ = 0.0025 the largest is 2.03 instead of 58 043.",
    ),
    Question(
        "corners",
        context="A polynomial of degree 14, with fourteen weights, hits all of its 15 noisy points. Then it gets the penalty L1, with λ = 0.01.",
        asks="With L1, weights that are exactly 0:",
        choices=("none", "two or three", "eleven"),
        answer="eleven",
        why="L1 pulls a small weight to 0 as strongly as a large one. L2 makes all of them medium-size, and none is 0.",
    ),
    Question(
        "plain",
        context="Thirty weights are trained with L1. The proximal way, which moves each weight towards 0 and stops there, ends with 25 exact zeros. The plain way steps down the slope λ sign(w).",
        asks="The plain way ends with exact zeros:",
        choices=("none", "about ten", "25 as well"),
        answer="none",
        why="The force is the same on both sides of 0, so a weight jumps across it and never comes to rest.",
    ),
    Question(
        "one for all",
        context="Twenty times, fifteen points are drawn from one wave. The best λ of L2 goes from 0.00006 to 0.16, the largest more than a thousand times the smallest. λ = 0.0025, the best one of another draw, is taken for all twenty, and each error is divided by that of the draw's own best λ. With λ = 10⁻⁵ for all that makes 14 on average.",
        asks="With λ = 0.0025 for all, the error is on average",
        choices=("less than 1.5 times as large", "about 5 times as large", "about 14 times as large"),
        answer="less than 1.5 times as large",
        why="The valley around the best λ is flat, which is also why its lowest point jumps about. The power of ten has to be right, no more.",
    ),
)
