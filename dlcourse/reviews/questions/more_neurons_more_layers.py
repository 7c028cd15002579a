"""Lesson 03, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "More neurons, more layers"

QUESTIONS = (
    Question(
        "three units",
        context="A ReLU unit of one input is flat up to its kink, and a ramp from there on. A layer adds up three of them, each with a kink and a slope of your choice.",
        asks="How many bends can the sum of three units have at most?",
        choices=("2", "3", "6", "as many as you like"),
        answer="3",
        why="Between two neighbouring kinks every unit is straight, and a sum of straight pieces is straight. So it bends only at kinks, and there are three.",
    ),
    Question(
        "three layers",
        context="Two ReLU units make a tooth, with two bends. Its output goes through the same two units again, and once more: three layers, six units in all.",
        asks="How many bends does the tooth have after three layers?",
        choices=("4", "6", "9", "12"),
        answer="9",
        why="Two layers have 5 bends, three have 9, four have 17. Width adds bends, depth multiplies them.",
    ),
    Question(
        "rings",
        context="Points of two classes lie in two rings, one inside the other. A network has one hidden layer of tanh neurons and one output.",
        asks="How many hidden neurons are enough to tell the two rings apart?",
        choices=("1", "2", "3", "8"),
        answer="3",
        why="Each neuron draws a straight edge. It takes three to close a triangle around the inner ring.",
    ),
)
