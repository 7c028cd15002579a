"""What is said of networks that were trained, well or badly, on digits."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.checking.judging import deal, look

SEED = 3


def known(share_seen: float, share_unseen: float):
    """A model that knows the digits by heart, and reads the given shares of train and of the rest right."""
    answers = {}
    rng = np.random.default_rng(0)
    for part, share in zip(deal(SEED), (share_seen, share_unseen, share_unseen), strict=True):
        right = rng.uniform(size=len(part)) < share
        answers |= {x.tobytes(): y if ok else (y + 1) % 10 for x, y, ok in zip(part.x, part.y, right, strict=True)}

    def model(x):
        return dl.Tensor(np.eye(10)[[answers[row.tobytes()] for row in x.data]] - 0.5)

    return model


def test_a_good_model_gets_no_remark() -> None:
    assert look(known(1, 0.99), SEED, 0.95) == ""


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (dl.History(), "Return the model itself."),
        ("a network", "a trained model is expected, and this came back: 'a network'."),
        (lambda x: x, "the model gives shape (359, 8, 8, 1), and (359, 10) is expected"),
        (lambda x: dl.Tensor(np.full((len(x.data), 10), np.nan)), "the model gives NaN or infinity"),
        (lambda x: x @ np.ones((64, 10)), "the model does not take digits, x of shape (N, 8, 8, 1): ShapeError"),
        (lambda x: dl.Tensor(np.zeros((len(x.data), 10))), "It says the same of every digit"),
        (known(1, 0.8), "On the training digits it is 100.0%, so it has learned some of them by heart."),
        (known(0.8, 0.8), "it has not learned enough yet"),
        (known(0.7, 0.9), "which of the two did you train on?"),
        (known(0.1, 0.1), "about as good as guessing"),
    ],
)
def test_each_shortcoming_has_its_sentence(model, words) -> None:
    assert words in look(model, SEED, 0.95)


def test_the_parts_do_not_overlap_and_hold_all_classes() -> None:
    parts = deal(SEED)
    rows = [{x.tobytes() for x in part.x} for part in parts]
    assert sum(map(len, parts)) == 1797
    assert not rows[0] & rows[2]
    assert all(len(np.unique(part.y)) == 10 for part in parts)
    assert dl.accuracy(known(1, 1), parts[2]) == 1
