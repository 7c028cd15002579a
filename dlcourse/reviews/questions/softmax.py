"""Lesson 16, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Softmax"

QUESTIONS = (
    Question(
        "level",
        context="A network takes the letter E for a 5, with a share of more than 99 %. The level of ten scores is the log of the sum of their powers; softmax throws it away. You compare the level of the E with those of 359 unseen digits.",
        asks="The level of the E is",
        choices=("lower than nearly all", "somewhere in the middle", "higher than nearly all"),
        answer="somewhere in the middle",
        why="About four in ten digits stand lower. The network has seen digits only, and does not say none of these, not even in its scores.",
    ),
    Question(
        "one pulled up",
        context="Four scores are 3, 2, 1 and 0. The first share is 20 times the last. You pull the second score from 2 up to 4, and its share grows.",
        asks="With x₂ pulled from 2 to 4, the first share is",
        choices=("less than 20 times the last", "still 20 times the last", "more than 20 times the last"),
        answer="still 20 times the last",
        why="All the others were multiplied by one number, 0.398. Everybody paid in proportion.",
    ),
    Question(
        "sure",
        context="A network has learned 180 digits by heart. Of about a thousand answers on unseen digits it is sure by 99 % or more, on average by 99.9 %. How many of the thousand are wrong?",
        asks="Of the thousand sure answers, wrong are",
        choices=("none or one, as it says", "about five", "about fifteen", "about fifty"),
        answer="about fifteen",
        why="Less than one was promised. A share that is positive and adds up to 1 need not be true.",
    ),
    Question(
        "temperature",
        context="A temperature τ divides all scores before softmax. It may be from 0.2 to 5, and is fitted on the very digits that the network has learned, all of which it reads.",
        asks="Fitted on the digits that it has learned from, τ is",
        choices=("0.2, the coldest", "near 1, as it was trained", "5, the hottest"),
        answer="0.2, the coldest",
        why="All answers are right there, so the surer the better. On these digits the weights have had their say; that is what validation data are for.",
    ),
)
