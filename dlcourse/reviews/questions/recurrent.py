"""Lesson 12, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Recurrent networks"

QUESTIONS = (
    Question(
        "aaaa",
        context="A recurrent network with random weights keeps a state of 16 numbers. It reads the same letter thirty times: aaaa…",
        asks="The same letter each time, so the states are",
        choices=("all the same", "different at first, then they settle", "different for ever"),
        answer="different at first, then they settle",
        why="What a state becomes depends on the state before, so the strips differ; and slowly the beginning is forgotten, and they settle.",
    ),
    Question(
        "rotation",
        context="The matrix Wₕ of a recurrent tanh network is a rotation, which neither shrinks nor stretches anything. You give the state before the first letter a tiny nudge, count its length as 1, and let the network read 30 letters.",
        asks="Of a nudge of 1, after 30 letters there is left",
        choices=("about 1, a rotation keeps lengths", "more, thirty steps add up", "a few hundredths"),
        answer="a few hundredths",
        why="The rotation is innocent. The slope of tanh is 1 at zero and less everywhere else, and thirty slopes are multiplied.",
    ),
    Question(
        "price",
        context="A GRU mixes its old memory and the new with one gate. With bias 5 the gate keeps 0.993 of the memory at each letter. With bias 1, after 30 letters, the largest number in the memory is 0.23.",
        asks="With bias 5, the largest number in the GRU's memory after 30 letters is",
        choices=("about 0.7, three times as large", "about 0.23, as before", "about 0.03, a seventh"),
        answer="about 0.03, a seventh",
        why="What keeps 0.993 lets in 0.007. It remembers perfectly that it has read hardly anything.",
    ),
)
