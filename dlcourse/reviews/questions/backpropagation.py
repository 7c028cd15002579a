"""Lesson 05, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Backpropagation"

QUESTIONS = (
    Question(
        "three operations",
        context="Three numbers, w = 2, x = 3 and t = 5, and three operations: z = w · x, e = z − t, loss = e². So z is 6, e is 1, and the loss is 1.",
        asks="w goes up by 0.01. The loss goes up by about …",
        choices=("0.02", "0.03", "0.06"),
        answer="0.06",
        why="The gradient of w is 2e · x = 2 · 3 = 6. Each operation gives its local gradient, and what arrives is multiplied by it.",
    ),
    Question(
        "all together",
        context="A tanh neuron says 0 where 1 is right, and the loss is the square of the difference. Its three weights each have a share: moved by it, alone, it lowers the loss by about 0.1. Now all three move, each by its full share.",
        asks="All three weights move, each by its full share. The loss goes down by …",
        choices=("less than 0.29", "0.29 to 0.31", "more than 0.31"),
        answer="less than 0.29",
        why="Each promise was meant for a weight that moves alone. Together they promise 0.3, and deliver 0.276.",
    ),
    Question(
        "two paths",
        context="The loss is (w + 1) · (w + 3), and w = 1. Down one path to w the gradient 4 arrives, down the other one 2.",
        asks="The gradient of w is …",
        choices=("4, the larger one", "6, the sum", "8, the product"),
        answer="6, the sum",
        why="Along a path, local gradients are multiplied; where paths meet, they are added.",
    ),
)
