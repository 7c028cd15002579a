"""Lesson 07, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "When things get intense"

QUESTIONS = (
    Question(
        "paths",
        context="A network has three hidden layers of four neurons. The orange weight leads into a neuron of the first hidden layer. From there each neuron is linked to all four of the next layer, and those of the last layer to the output s₁.",
        asks="How many paths lead from the orange weight to s₁?",
        choices=("12", "16", "64"),
        answer="16",
        why="From the weight's own neuron there are four ways on, and from each of these four again. One layer more would make it 64.",
    ),
    Question(
        "line 4",
        context="A printed derivation has σ′(z) / ∂z where σ′(z) belongs. Somebody takes it at its word, and puts in for ∂z how far z moves when the weight moves by h = 0.001.",
        asks="The derivative is 0.17. Line 4 as printed, computed with h = 0.001, gives",
        choices=("0.17, nearly", "more than 100 times as much", "less than a hundredth of it"),
        answer="more than 100 times as much",
        why="It divides by something tiny: with a tenth of h it says ten times as much. A number that depends on your step is no derivative.",
    ),
    Question(
        "flower",
        context="Four weights lead into the same neuron, one from each measurement x₁ to x₄ of a flower, and x₄ is the farthest from 0. The slide's last line says that the derivative is δ · a, with δ of the neuron and a what comes in.",
        asks="Of the four weights into neuron 1, s₃ is moved most by the one",
        choices=("from x₁", "from x₂", "from x₃", "from x₄"),
        answer="from x₄",
        why="All four go the same way on, so they have the same δ. The one whose input is farthest from 0 moves the score most.",
    ),
)
