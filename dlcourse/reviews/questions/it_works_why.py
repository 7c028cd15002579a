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
        why="It has learned strokes and dust, and neither number gives it away. What does is a digit whose strokes say one thing and whose dust another.",
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
        context="The labels of 300 digits are shuffled, so the pictures no longer know of them. A network with 9610 weights trains on them, five times as long as before.",
        asks="Of 300 shuffled labels it gets right",
        choices=("a tenth, as by chance", "about half", "all"),
        answer="all",
        why="It knows 300 senseless labels by heart, and of unseen digits it reads one in ten. That something fits proves nothing.",
    ),
    Question(
        "half",
        context="A network with 128 hidden neurons reads 97.8 % of 360 unseen digits. Half of the neurons go, one by one: the 64 whose weights are smallest.",
        asks="Without half of its neurons, A reads",
        choices=("about half", "about three in four", "more than nine in ten"),
        answer="more than nine in ten",
        why="As many as before. What it knows of a stroke is spread over many neurons. A network that knows shuffled labels by heart loses a tenth of them after 13 by chance.",
    ),
    Question(
        "against",
        context="Every pixel of a digit moves by 0.1, a tenth of the way from paper to ink. If a coin says up or down, the network still reads 95.0 % of them. Now the sign of the gradient decides, so that the loss grows.",
        asks="After a step of 0.1 against it, A reads",
        choices=("more than nine in ten", "about three in four", "about half"),
        answer="about half",
        why="By lot the steps cancel, against the network none does. With 64 pixels that is up to √64 = 8 times as much.",
    ),
    Question(
        "neighbours",
        context="A 9 is moved by 0.1 against network A, and A says 8. By pixels, the eight nearest of the digits that A has learned from are seven 9s and a 3. The last layer sees what the hidden neurons say.",
        asks="By hidden neurons the eight nearest are",
        choices=("mostly 9s", "some 9s and some 8s", "all of them 8s"),
        answer="all of them 8s",
        why="On the way from the pixels to the hidden neurons the 9 went over to the 8s, and the last layer reads what it finds there.",
    ),
)
