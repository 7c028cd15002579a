"""Lesson 14, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Hyperparameters"

QUESTIONS = (
    Question(
        "nine runs",
        context="Two searches get nine runs each, for a learning rate and a width. A grid tries three rates with three widths, random search draws both anew each time. They compete 200 times, each time in another range of rates.",
        asks="Of 200 times, random search is better",
        choices=("about 50", "about 100", "about 150", "about 190"),
        answer="about 100",
        why="Here it won 101 of 200. What it does avoid is the disaster: it ended below 80 % 11 times, the grid 22 times, when its three rates missed the good ones.",
    ),
    Question(
        "left half",
        context="60 learning rates are drawn evenly between 0.0001 and 1: rng.uniform(0.0001, 1). On an axis that counts factors of ten, 0.01 is in the middle.",
        asks="Of 60 rates, below 0.01 there will be",
        choices=("about 30", "about 10", "one, or none"),
        answer="one, or none",
        why="From 0.1 to 1 is 90 % of the length, and below 0.01 lies a hundredth. Learning rates are drawn evenly in factors: log-uniform.",
    ),
    Question(
        "ten knobs",
        context="Each sweep has 59 runs at random. With two knobs, 19 sweeps of 20 have one of the best 5 % of all settings among them. Now there are ten knobs.",
        asks="Of 100 sweeps with ten knobs, so many have a good run",
        choices=("about 95", "about 60", "fewer than 10"),
        answer="about 95",
        why="Each run misses the best 5 % with a chance of 0.95, and 59 runs all miss with 0.95 to the power of 59, below 5 %. No knob is counted in that. It is a place in the ranking, and no score.",
    ),
)
