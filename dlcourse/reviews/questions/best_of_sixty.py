"""Lesson 14b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "The best of sixty"

QUESTIONS = (
    Question(
        "as good",
        context="27 runs at random would take nine epochs each. Successive halving gives all of them one epoch, the best nine three, the best three of these nine: a third of the epochs. How often is its winner as good as the best of all 27, had they all been trained to the end?",
        asks="As good as the best of all 27:",
        choices=("about 2 in 10", "about 5 in 10", "more than 7 in 10"),
        answer="more than 7 in 10",
        why="A bad learning rate shows after one epoch, and most of the 27 have one.",
    ),
    Question(
        "which knob",
        context="Sixty small networks are told the grower of a wine by 13 measurements. Four knobs are drawn at random: the learning rate from 0.0001 to 1, 4 to 64 hidden units, ReLU or tanh, and whether the measurements are scaled or stand as in the table.",
        asks="Most of the variance is explained by",
        choices=("learning rate", "hidden units", "activation", "scaled or not"),
        answer="scaled or not",
        why="Unscaled, the networks failed with every learning rate. With all wines scaled, the learning rate came first: a share belongs to a sweep.",
    ),
    Question(
        "again",
        context="Of sixty runs one wins, with 91.1 % of the validation digits. Its settings, learning rate and width, are trained a hundred times more, from other first weights.",
        asks="Of the hundred, the winner's score is reached by",
        choices=("about 50", "about 25", "fewer than 10"),
        answer="fewer than 10",
        why="The winner had good settings and a good start, and only the settings are written down. Keep the network, or train the best few settings again and compare their means.",
    ),
)
