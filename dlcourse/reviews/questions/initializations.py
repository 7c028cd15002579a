"""Lesson 17, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Initializations"

QUESTIONS = (
    Question(
        "equal",
        context="Every weight of a network with two hidden layers of 32 tanh neurons begins at 1 / n, so all neurons of a layer begin alike. It is trained with 300 minibatches.",
        asks="Of the unseen digits it will read",
        choices=("1 in 10, as by guessing", "about 3 in 10", "about 9 in 10"),
        answer="about 3 in 10",
        why="Equal neurons get equal gradients, so they stay equal. The layer is one neuron, copied 32 times.",
    ),
    Question(
        "fifty",
        context="Fifty layers of 64 ReLU neurons begin with random weights of variance 1 / n, which would suit a layer without activation. The spread behind the first layer is 0.67.",
        asks="Behind layer 50 the spread is",
        choices=("about a half", "about a fiftieth", "about a thirty-millionth"),
        answer="about a thirty-millionth",
        why="ReLU lets one half of the mean square pass, so each layer multiplies the spread by √½. Fifty of these are 2⁻²⁵. Variance 2 / n keeps it.",
    ),
    Question(
        "a fifth",
        context="Thirty layers of tanh with LeCun's weights learn to read about nine of ten digits. Now every weight begins a fifth smaller, and nothing else is changed.",
        asks="With weights a fifth smaller, it will read",
        choices=("about 9 in 10, a little later", "about 5 in 10", "1 in 10, as by guessing"),
        answer="1 in 10, as by guessing",
        why="A factor of a little less than 0.8 in each of thirty layers leaves less than a thousandth of the signal: to the last layers every digit looks like every other.",
    ),
)
