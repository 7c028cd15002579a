"""Lesson 11, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Fully connected networks"

QUESTIONS = (
    Question(
        "shuffled",
        context="A dense network learns to read 599 digits. Then every digit is cut into its 64 squares, and these are laid out in another order, the same for every digit. A new dense network learns from these.",
        asks="Of the shuffled digits it will read",
        choices=("one in ten, as by guessing", "about half", "about eight in ten", "as many as before"),
        answer="as many as before",
        why="Each neuron has a weight for each pixel, and the weights go along with their pixels. A dense layer does not know who is whose neighbour.",
    ),
    Question(
        "patches",
        context="A convolutional network has learned from 599 digits and reads 97.6 % of the others. A new one of its kind learns from digits whose pixels have been shuffled, all in the same way.",
        asks="Of the shuffled digits the convolutional network will read",
        choices=("one in ten, as by guessing", "about half", "about eight in ten", "more than nine in ten"),
        answer="more than nine in ten",
        why="But for each mistake that it made, it now makes more than two: what nine weights could say about an edge, they cannot say about nine strangers.",
    ),
    Question(
        "parameters",
        context="A dense layer links all 64 inputs to each of 32 neurons, and each neuron has a bias.",
        asks="How many parameters does it learn?",
        choices=("96", "2 048", "2 080"),
        answer="2 080",
        why="64 · 32 weights and 32 biases.",
    ),
)
