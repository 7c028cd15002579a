"""Lesson 01, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Supervised learning"

QUESTIONS = (
    Question(
        "wave",
        context="Four learners have each chosen a function from twelve noisy points of a wave: nearest neighbour, a line, a polynomial of degree 9, and a network of 16 neurons. Nearest neighbour makes no mistake on the twelve. Then come 200 points that none of them has seen.",
        asks="The smallest error on the unseen points has the",
        choices=("nearest neighbour", "line", "polynomial", "network"),
        answer="network",
        why="Nearest neighbour repeats the noise of the twelve, the polynomial swings between them, the line cannot bend. The error on seen points says how well a learner remembers.",
    ),
    Question(
        "neighbours",
        context="A learner answers with the mean of the k nearest of its 50 noisy points on a wave. It is judged on 200 unseen points.",
        asks="On the unseen points, the best of these numbers of neighbours is",
        choices=("1", "5", "20", "50"),
        answer="5",
        why="Too few neighbours repeat accidents, too many blur the wave. There is a knob like k in every learner, and the seen points never set it.",
    ),
    Question(
        "off the map",
        context="Twelve tumours are seen, their area is to be told from their radius. The largest of the twelve has a radius of 20.9. Now comes one of 28.1, far to the right of all that was seen.",
        asks="For the tumour of radius 28.1, the best answer comes from",
        choices=("nearest neighbour", "line", "polynomial of degree 9", "network"),
        answer="line",
        why="Off the map a high degree goes anywhere and nearest neighbour stays where it was. The network bends well where it has seen points, and flattens out beyond them.",
    ),
)
