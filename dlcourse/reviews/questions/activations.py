"""Lesson 15, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Activations"

QUESTIONS = (
    Question(
        "ten layers",
        context="Ten layers of 64 sigmoid neurons have weights that neither stretch nor shrink anything. A gradient comes back through them, from the last layer to the first.",
        asks="Of the gradient, ten layers of sigmoid let through",
        choices=("about a half", "about a hundredth", "less than a millionth"),
        answer="less than a millionth",
        why="Even at its steepest place a sigmoid has a slope of ¼, and ten of these are multiplied.",
    ),
    Question(
        "one matrix",
        context="Fifty layers of 64 neurons have no activation and 204 800 weights. How few weights are enough for a single layer to say exactly the same?",
        asks="One layer says the same as these fifty with",
        choices=("204 800", "about 20 000", "4 096"),
        answer="4 096",
        why="A product of matrices is a matrix, here of shape (64, 64). Without the bend there is no depth.",
    ),
    Question(
        "speak again",
        context="A first update that was far too long has silenced 17 ReLU units: they say 0 to every digit. From then on the training is careful, for a hundred updates.",
        asks="Of the 17 silent ReLU units there speak again",
        choices=("nearly all", "about a half", "none"),
        answer="none",
        why="Their slope is 0 for every digit, so nothing is told to them, and their weights move by 0, exactly. Leaky ReLU has a slope of 0.01 there.",
    ),
    Question(
        "identity",
        context="Nine activations race, each with one hidden layer, on digits, each with the best of five learning rates. The identity, no activation at all, runs along.",
        asks="Of 100 digits, fewer than the winner the identity reads",
        choices=("about 20", "about 5", "one, or not even that"),
        answer="one, or not even that",
        why="These digits can nearly be told apart by straight cuts. What did matter is the learning rate.",
    ),
)
