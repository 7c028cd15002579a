"""Lesson 12b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Writing names"

QUESTIONS = (
    Question(
        "cold",
        context="A network writes names letter by letter, each drawn from its probabilities, and at temperature 1 nearly all are new. Now the logits are divided by 0.2 first.",
        asks="At temperature 0.2, it writes names that are",
        choices=("stranger, and all new", "about as new as before", "alike, and many of them real"),
        answer="alike, and many of them real",
        why="One letter takes far more than its share, and it is the likeliest anyway.",
    ),
    Question(
        "elements",
        context="A fresh network learns for 400 updates from 118 names only, those of the chemical elements.",
        asks="After 400 updates it writes",
        choices=("new names that sound like elements", "real names of elements, mostly", "noise"),
        answer="real names of elements, mostly",
        why="It recites. The loss on the names that it learns from falls on and on, and the loss on unseen ones has turned long ago.",
    ),
    Question(
        "too large",
        context="The formula of softmax takes e to the power of each logit. Some network has the logits 900, 899 and 0.",
        asks="What helps, and changes no probability?",
        choices=(
            "take the largest logit away from all",
            "divide all logits by the largest",
            "leave out all logits above 88",
        ),
        answer="take the largest logit away from all",
        why="Only differences of logits count. With the largest one taken away the largest power is e⁰ = 1, and nothing can overflow.",
    ),
)
