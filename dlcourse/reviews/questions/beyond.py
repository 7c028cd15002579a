"""Lesson 24, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Beyond"

QUESTIONS = (
    Question(
        "outputs",
        context="A dense layer of dlcourse from 64 inputs to 128 outputs keeps its weights as (64, 128). The same layer in PyTorch is nn.Linear(64, 128).",
        asks="nn.Linear(64, 128) keeps its weights in the shape",
        choices=("(64, 128)", "(128, 64)", "(8192,)"),
        answer="(128, 64)",
        why="PyTorch writes W x with a row for each output, as the slides do. Here the batch stands on the left, and W is the transpose.",
    ),
    Question(
        "taken over",
        context="A convolutional network is taken over into a library that keeps channels first. Its kernels are turned, its dense matrix is transposed, and every shape fits. It read about 95 of 100 unseen digits here.",
        asks="Taken over, of 100 unseen digits it reads",
        choices=("about as many as here", "about 50", "about 10"),
        answer="about 10",
        why="A flattened picture in another order has the same shape, so nothing complains. Compare predictions, not shapes.",
    ),
    Question(
        "late",
        context="A network with a BatchNorm is taken over into Keras, where momentum is the share that is kept. Somebody writes 0.1 there and not 0.9. Every answer is right. Then it is trained on for one more epoch, in minibatches of four. Written right, it misreads 3 of 100 unseen digits after that.",
        asks="Written 0.1, of 100 unseen digits it misreads",
        choices=("about as few as with 0.9", "about 15", "about 90"),
        answer="about 15",
        why="The running averages follow the last few minibatches and not the whole. The weights are as good as before. So compare once more after one step of training.",
    ),
    Question(
        "processor",
        context="A step of training a network of 20 million weights is 440 times as fast on a graphics processor, an H100, as on one core of a processor. Now the network has 235 thousand weights, in batches of 64.",
        asks="With 235 thousand weights, the H100 is faster by",
        choices=("about 440 times", "about 40 times", "less than twice"),
        answer="less than twice",
        why="A small network has too little to multiply: 1.3 times. What a step costs beside its multiplications is the same for all.",
    ),
)
