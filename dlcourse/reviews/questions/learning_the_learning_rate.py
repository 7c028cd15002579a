"""Lesson 18b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Learning the learning rate"

QUESTIONS = (
    Question(
        "lowest",
        context="A learning-rate finder trains once, with a rate that is multiplied by the same factor at every step, and draws the loss. The curve is lowest at about 0.8, and somebody trains with 0.8 all the time.",
        asks="At the end the rate at the lowest point has left",
        choices=("about the least of all rates", "about twice the least", "more than five times the least"),
        answer="more than five times the least",
        why="The curve is low there because of all the steps before, whose rates were smaller. It has made a single step at this rate.",
    ),
    Question(
        "length",
        context="The finder takes 100 steps with Adam, and its curve falls most steeply around 0.027. Now it takes 400 steps, with the same first and last rate.",
        asks="With 400 steps instead of 100, the curve falls most steeply",
        choices=("at the same rate", "at one about four times larger", "at one about four times smaller"),
        answer="at one about four times smaller",
        why="A network has to go some way until it has learned something, and the way is the sum of all rates so far. With more steps it gets there at a smaller rate.",
    ),
    Question(
        "both",
        context="Adam trains with a rate that is too large, 0.2. Constant, it leaves a loss of 0.95 after 96 updates; with cosine alone 1.0; with warm-up alone 0.66. Now the rate first warms up and then falls like a cosine.",
        asks="Warm-up and then cosine, with the rate 0.2, leave",
        choices=("about 0.6", "about 0.3", "about 0.09"),
        answer="about 0.09",
        why="Two things go wrong at such a rate, and each half prevents one of them.",
    ),
    Question(
        "trick",
        context="Plain SGD gets one trick at a time, each at the best of five rates: the rate falls like a cosine, momentum, an average of the last weights, or from each pixel its mean is subtracted.",
        asks="Most loss is saved by",
        choices=("cosine", "momentum", "average", "centre"),
        answer="centre",
        why="It leaves 0.04 where plain SGD leaves 0.22. Ink is never negative, so all digits have one direction in common, and that one set the bound.",
    ),
)
