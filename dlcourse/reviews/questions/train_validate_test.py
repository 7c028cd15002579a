"""Lesson 09, asked again."""

from dlcourse.reviews.question import Question

__all__ = ["QUESTIONS", "TITLE"]

TITLE = "Train, validate, test"

QUESTIONS = (
    Question(
        "coins",
        context="A coin was tossed for each of 569 tumours, and 128 small models are asked to foretell the coin. You look at their scores on 20 other tumours, and keep the best.",
        asks="On 20 coin flips, the best of 128 models is right on about",
        choices=("50 %", "60 %", "70 %"),
        answer="70 %",
        why="The best of many is lucky. Its score on data that had no say in the choice is about 50 %.",
    ),
    Question(
        "tomorrow",
        context="Small models foretell which tumours are malignant. You choose the best of 128 models by 40 validation examples, on which it is right in 98 % of cases. The first model you tried had 87 %.",
        asks="On tomorrow's tumours, the chosen model is",
        choices=(
            "better, as much as validation says",
            "better, but less than validation says",
            "no better, it was luck",
        ),
        answer="better, but less than validation says",
        why="Tomorrow it is right in 92 %: better than the first, and less than promised. The part that chooses is always too hopeful.",
    ),
    Question(
        "twins",
        context="100 tumours have labels from a coin, and by accident each of them is in the table twice. The table is shuffled and halved. The model answers what the most similar training example answered.",
        asks="With each tumour twice, the test half says",
        choices=("50 %", "75 %", "100 %"),
        answer="75 %",
        why="About half of the doubled tumours find their twin in the training half, and copy its coin. The others guess: ½ · 100 % + ½ · 50 %.",
    ),
)
