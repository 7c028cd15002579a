"""Lesson 22, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "It doesn't work, why?"

QUESTIONS = (
    Question(
        "falls",
        context="Twenty networks were written with one fault each, and trained to the end. The training loss falls if it ends below nine tenths of what it was.",
        asks="The training loss falls in",
        choices=("one or two of them", "about five", "about ten"),
        answer="about ten",
        why="A network finds its way around a fault, as water does. Training fails silently, so ask what you know the answer to.",
    ),
    Question(
        "senseless labels",
        context="32 tumours have the labels of others, so there is nothing to be learned. A network trains on these 32 for 200 steps. The loss begins at 0.70.",
        asks="After 200 steps on 32 tumours with the labels of others, the loss on them is",
        choices=("still about 0.69", "about a half of that", "close to 0"),
        answer="close to 0",
        why="Thirty-two examples can be learned by heart, whatever labels they have. So this test says nothing about the data, and examines all the rest together.",
    ),
    Question(
        "five minutes",
        context="Twenty networks have one fault each. Three quick tests: look at the data, read the loss at the start, overfit one batch.",
        asks="At least one of the three shows it in",
        choices=("about 8", "about 13", "about 18"),
        answer="about 18",
        why="The two that are left pass all three, for they learn. What they have learned is good for nothing else, or is asked for in the wrong way.",
    ),
)
