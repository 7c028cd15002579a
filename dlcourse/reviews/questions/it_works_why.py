"""Lesson 23, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "It works, why?"

QUESTIONS = (
    Question(
        "cleaned",
        context="Network B has learned digits that were scanned in ten trays, each with a speck of dust of its own, and it reads every unseen digit with its dust. Then somebody cleans the glass.",
        asks="With the glass cleaned, B reads",
        choices=("about one in ten, as by chance", "about half", "more than nine in ten"),
        answer="more than nine in ten",
        why="It has learned strokes and dust, and with clean glass the strokes nearly suffice. What gives it away is a digit whose strokes say one thing and whose dust another.",
    ),
    Question(
        "trial",
        context="A map shows slope times pixel, without the sign: what a network looks at. The same map is made for a network that has learned nothing, and the two are compared by their rank correlation.",
        asks="Trained and untrained, the rank correlation of their maps is",
        choices=("about 0", "about 0.5", "about 0.9"),
        answer="about 0.9",
        why="Slope times 0 is 0, whatever the weights, so most of what lights up is the ink. A map that a network by lot passes as well shows nothing that was learned.",
    ),
    Question(
        "by lot",
        context="With the true labels of 300 digits, a network gets all of them right after 19 epochs. Now the labels are shuffled, so the pictures no longer know of them, and it trains for 150 epochs at most.",
        asks="All 300 shuffled labels are right",
        choices=("after about 20 epochs, too", "after about 110", "never, not in 150"),
        answer="after about 110",
        why="Then it knows 300 senseless labels by heart, and of unseen digits it reads one in ten. That something fits proves nothing.",
    ),
)
