"""Lesson 04, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Finding the weights"

QUESTIONS = (
    Question(
        "used up",
        context="A line through measured petals has one knob, w. At w = 0.5 the error is 11.93 and its slope −9.573. By that slope, the error would be used up at w = 1.75.",
        asks="The error at w = 1.75 is",
        choices=("0, all of it is used up", "above 0", "below 0"),
        answer="above 0",
        why="The curve bends away from its tangent, so a step keeps less than it promises, and the more so the longer it is.",
    ),
    Question(
        "one weight",
        context="The error is a parabola in w, of curvature 4.03. Each update goes by step · slope downhill. Step 0.25 is down almost at once, step 0.45 lands on the other slope each time.",
        asks="With step 0.45, from w = 0.5,",
        choices=("it comes to rest", "it bounces for ever", "it explodes"),
        answer="it comes to rest",
        why="The distance to the bottom is multiplied by 1 − 0.45 · 4.03 = −0.81 at each update, and shrinks as long as that lies between −1 and 1.",
    ),
    Question(
        "two weights",
        context="With one weight, w, the error has the curvature 4.03, and step 0.45 came to rest. Now the bias b may move, too. Along b alone the curvature is 2.00.",
        asks="With step 0.45 and b free to move,",
        choices=("it comes to rest", "it bounces for ever", "it explodes"),
        answer="it explodes",
        why="The bowl's own axes turn both knobs at once, and along one of them the curvature is 5.62. The bound is 2 / 5.62, below 0.45.",
    ),
)
