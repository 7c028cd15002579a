"""Lesson 08, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Learning a new representation"

QUESTIONS = (
    Question(
        "ring",
        context="A disc of points lies in a ring of points. A network of two hidden tanh neurons and an output, which cuts straight, gets about seven in eight right.",
        asks="What makes it 100 %?",
        choices=("another random start", "three more layers of two neurons", "a third neuron beside the two"),
        answer="a third neuron beside the two",
        why="In space the sheet can be lifted in the middle, and then one straight cut is enough. In a plane there is no room for that, however many layers.",
    ),
    Question(
        "straight cuts",
        context="A small reader makes straight cuts. From the 64 pixels it reads 94.4 % of unseen digits. Now it gets the 16 numbers of a network's last hidden layer.",
        asks="After 30 epochs, straight cuts on the 16 numbers read right",
        choices=("fewer digits than on the 64 pixels", "about as many", "more"),
        answer="more",
        why="It reads 97.8 %. Layers before the last one have one task, to move the points until a straight cut is enough.",
    ),
    Question(
        "nearest",
        context="A reader takes the nearest training digit. From the 64 pixels it reads 98.9 % of unseen digits, and now it gets the 16 numbers of a trained network's last hidden layer.",
        asks="From the hidden layer, it reads",
        choices=("far fewer than from the pixels", "about as many", "all of them"),
        answer="about as many",
        why="It reads 98.6 %. This reader did not need a better representation. The one who needed it was the straight cut, which comes next in the network.",
    ),
)
