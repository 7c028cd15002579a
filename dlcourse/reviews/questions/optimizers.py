"""Lesson 18, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Optimizers"

QUESTIONS = (
    Question(
        "ball",
        context="On a long narrow bowl plain gradient descent, at its best, stays in the ring around the bottom from step 146 on. A ball with momentum, μ = 0.9, starts at the same place.",
        asks="The ball stays in the ring from step",
        choices=("about 40", "about 75", "about 110"),
        answer="about 40",
        why="Gradients that agree add up in the velocity, and those that alternate cancel.",
    ),
    Question(
        "share",
        context="Momentum keeps a share μ of its velocity. A map counts, for every pair of learning rate and μ, the steps on a bowl whose curvatures are 1 and 1/100.",
        asks="Of all learning rates and all μ, the fastest pair on this bowl has a μ of about",
        choices=("0.4", "0.67", "0.9", "0.98"),
        answer="0.67",
        why="0.9 is not the fastest, it forgives: from a rate of 0.4 to 3.5 it is nearly one colour.",
    ),
    Question(
        "thousand",
        context="Adam divides each gradient by how large that gradient usually is. Now the loss, and with it every gradient, is multiplied by 1000. The learning rate stays as it was.",
        asks="On a loss that is multiplied by 1000, Adam",
        choices=("explodes", "arrives in fewer steps", "walks the same path"),
        answer="walks the same path",
        why="Its mean of gradients becomes 1000 times as large, the root of its mean of squares too, and the quotient does not notice.",
    ),
    Question(
        "correction",
        context="Adam's two means begin at 0, and a correction makes up for that. With β₁ = 0.9 and β₂ = 0.999, somebody forgets the correction.",
        asks="Without the correction Adam's first steps are",
        choices=("too short", "as they were", "too long"),
        answer="too long",
        why="In the first step m is too small by a factor of 10, but √s by one of 32, and it stands below the line.",
    ),
    Question(
        "own best",
        context="Six optimizers train the same network, each with the best of its own seven learning rates. What counts is the loss that is left.",
        asks="At its best rate, Adam leaves of SGD's loss",
        choices=("a tenth", "about half", "about all"),
        answer="about half",
        why="With 0.01 for everybody Adam leaves an eighth of SGD's, with 0.3 for everybody four times as much. Whoever chooses the common rate chooses the winner.",
    ),
)
