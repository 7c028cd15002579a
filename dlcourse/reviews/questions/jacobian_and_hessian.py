"""Lesson 07b, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Jacobian and Hessian"

QUESTIONS = (
    Question(
        "backpropagation",
        context="A network has ten hidden layers of ten neurons. From one weight of the first layer 1 000 000 000 paths lead to one output. The derivatives with respect to all 960 weights are wanted.",
        asks="For all 960 derivatives, backpropagation multiplies …",
        choices=("1 980 times", "19 800 000 times", "20 000 000 000 times"),
        answer="1 980 times",
        why="δ of a neuron already holds the sum over all paths that lead on from it. Whoever stands before it takes that sum once, and does not walk the paths again.",
    ),
    Question(
        "Jacobian",
        context="A network has 4 inputs and 2 outputs. Its Jacobian, a row for each output and a column for each input, has 8 entries.",
        asks="To fill the 2 × 4 Jacobian, it takes … backward passes",
        choices=("1", "2", "8"),
        answer="2",
        why="Every pass begins at one output and ends at all inputs at once: one backward pass per row.",
    ),
    Question(
        "Hessian",
        context="A network has one hidden layer. The weight W₁₁ leads from input 1 to neuron 1, and W₂₁ from input 1 to neuron 2. You look at the slope of the output s₁.",
        asks="Turn W₂₁. The slope with respect to W₁₁ …",
        choices=(
            "changes, for both begin at input 1",
            "changes, for both lead to s₁",
            "stays, for they lead to two neurons",
        ),
        answer="stays, for they lead to two neurons",
        why="Their paths never meet in anything that bends, so the second derivative is 0. With another hidden layer behind they would meet.",
    ),
)
