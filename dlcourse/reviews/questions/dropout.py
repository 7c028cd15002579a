"""Lesson 21, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Dropout"

QUESTIONS = (
    Question(
        "mean",
        context="A network has learned with dropout, p = 0.5, and kept units were doubled. Now a thousand random masks are laid on its hidden units, and the mean of the thousand scores for a 7 is taken.",
        asks="The mean of a thousand thinned networks lies",
        choices=("clearly below the full network", "on it, up to chance", "clearly above it"),
        answer="on it, up to chance",
        why="Kept units are divided by 1 − p, so a mask's mean is 1, and between hidden units and scores nothing bends.",
    ),
    Question(
        "training",
        context="Two networks learn the same 300 digits, with right labels. The one without dropout misreads about 4 of 100 unseen digits. The other one has dropout of half of its hidden units.",
        asks="With dropout, of 100 unseen digits are misread",
        choices=("about half as many", "about as many", "about twice as many"),
        answer="about as many",
        why="On clean labels it changed nothing that one could count. With a fifth of the labels wrong it was worth 8 digits in 100.",
    ),
    Question(
        "an E",
        context="A network gives the letter E to the digit 5, and is sure of it. Thirty random masks, each with half of the units, look at the E.",
        asks="Of thirty masks, there say 5",
        choices=("about ten", "about twenty", "all thirty"),
        answer="all thirty",
        why="Units that are missing by chance are no second opinion: all have learned from the same digits, and none has ever seen a letter.",
    ),
    Question(
        "letters",
        context="A pair is a letter and a digit, and it is right if the network is less sure of the letter. One pass of the full network is right in about 80 of 100 pairs. Now the mean share of thirty masks decides.",
        asks="Of 100 pairs, the mean of thirty masks is right in",
        choices=("fewer", "a few more", "nearly all"),
        answer="a few more",
        why="About 83. For thirty times the work that is worth something where a mistake is dear. It is no “none of these”.",
    ),
)
