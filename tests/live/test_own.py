"""A learner's own model, as it is when a widget is made: for every widget that takes one."""

import copy
import dataclasses

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import widgets
from dlcourse.errors import WrongTypeError
from dlcourse.live.own import as_it_is_now


def plane_model():
    rng = np.random.default_rng(0)
    return dl.Sequential(dl.Dense(2, 2, activation=dl.tanh, rng=rng), dl.Dense(2, 1, rng=rng))


def digits_model():
    rng = np.random.default_rng(0)
    layers = dl.Conv2D(1, 4, 3, activation=dl.relu, rng=rng), dl.Flatten(), dl.Dense(144, 10, rng=rng)
    return dl.Sequential(*layers)


def dense_digits_model():
    rng = np.random.default_rng(0)
    return dl.Sequential(dl.Flatten(), dl.Dense(64, 8, activation=dl.tanh, rng=rng), dl.Dense(8, 10, rng=rng))


def letters_model():
    rng = np.random.default_rng(0)
    return dl.Sequential(dl.SimpleRNN(27, 8, return_sequences=True, rng=rng), dl.Dense(8, 27, rng=rng))


def few_digits():
    return dl.data.digits()[:120]


def chain():
    return {"model": dl.Sequential(*plane_model()[:1], dl.Dense(2, 2, rng=np.random.default_rng(1))), "x": (1.0, -0.5)}


OWN = {
    "DigitPad": lambda: {"model": dense_digits_model(), "example": "7"},
    "LossSlice": lambda: {"model": dense_digits_model(), "data": few_digits()},
    "MinibatchFan": lambda: {"model": dense_digits_model(), "data": few_digits()},
    "Paths": lambda: chain(),
    "Derivation": lambda: chain(),
    "JacobianMatrix": lambda: chain(),
    "HessianMatrix": lambda: chain(),
    "Representation": lambda: {"model": plane_model()},
    "TwoViews": lambda: {"model": dense_digits_model(), "train": few_digits(), "unseen": dl.data.digits()[200:300], "epochs": 1},
    "Wiring": lambda: {"model": dense_digits_model()},
    "Unroll": lambda: {"layer": dl.SimpleRNN(27, 8, return_sequences=True, rng=np.random.default_rng(0)), "cell": "yours"},
    "NameWriter": lambda: {"model": letters_model(), "cell": "yours"},
    "FeatureMaps": lambda: {"model": digits_model()},
    "WhyItWorks": lambda: {"model": dense_digits_model()},
    "Prune": lambda: {"model": dense_digits_model()},
    "SmallStep": lambda: {"model": dense_digits_model()},
    "Neighbours": lambda: {"model": dense_digits_model()},
    "SoftmaxBars": lambda: {"model": dense_digits_model(), "example": "an E"},
    "RateFinder": lambda: {"model": dense_digits_model(), "data": few_digits()},
    "Translate": lambda: {"model": dense_digits_model(), "input_shape": (8, 8, 1), "chosen": 1},
    "ReliabilityDiagram": lambda: {"model": dense_digits_model(), "validation": few_digits(), "unseen": dl.data.digits()[200:300]},
    "Clinic": lambda: {"model": dense_digits_model(), "data": few_digits(), "test": "loss at the start", "ordered": ("loss at the start",)},
}  # fmt: skip


def test_the_table_has_every_widget_that_takes_a_model():
    def takes_one(kind):
        given = {field.name: field.default for field in dataclasses.fields(kind)}
        return any(given.get(name, "") is None for name in ("model", "layer"))

    assert {kind.__name__ for kind in widgets.ALL if takes_one(kind)} == set(OWN)


@pytest.mark.parametrize("name", OWN)
def test_training_further_does_not_change_what_a_widget_shows(name):
    kind, given = getattr(widgets, name), OWN[name]()
    expected = kind(**copy.deepcopy(given))
    widget = kind(**given)
    model = given.get("model", given.get("layer"))
    for parameter in model.parameters():
        parameter.data[...] += 0.5
    for one, other in ((expected, widget), (expected.replace(), widget.replace())):
        assert other.describe(other.compute()) == one.describe(one.compute())
    assert kind(**given).describe(kind(**given).compute()) != widget.describe(widget.compute())


def test_a_copy_is_not_copied_again():
    model = plane_model()
    own = as_it_is_now(model)
    assert own is not model and as_it_is_now(own) is own and as_it_is_now(model) is not own


def test_a_model_is_checked_before_it_is_copied_and_not_again():
    checked = []
    model = plane_model()
    own = as_it_is_now(model, check=checked.append)
    assert as_it_is_now(own, check=checked.append) is own and checked == [model]


def test_a_copy_that_only_reads_is_in_evaluation_mode():
    model = dl.Sequential(dl.Dense(2, 2, rng=np.random.default_rng(0)), dl.Dropout(0.5, rng=np.random.default_rng(0)))
    assert not as_it_is_now(model).training and as_it_is_now(model, reads_only=False).training and model.training


def test_the_gradients_of_a_minibatch_are_those_of_the_mode_that_the_model_is_in():
    rng = np.random.default_rng(0)
    dropping = dl.Sequential(dl.Flatten(), dl.Dropout(0.5, rng=rng), dl.Dense(64, 10, rng=rng))
    lengths = []
    for model in (dropping, copy.deepcopy(dropping).eval()):
        lengths.append(widgets.MinibatchFan(model=model, data=few_digits()).own_gradients.length)
    assert lengths[0] != lengths[1] and dropping.training


def test_what_cannot_be_copied_is_named():
    model = plane_model()
    model.log = (line for line in "ab")
    with pytest.raises(WrongTypeError, match="Wiring shows your model as it is now.* cannot be copied: .*generator"):
        as_it_is_now(model, owner="Wiring")


POINTS = np.array([[0.0, 0.0, 1], [1.0, 0.5, 0], [0.2, 0.9, 1]])
GIVEN = {  # what a learner gives alone, by widget and by the choice that it makes
    ("FitAFunction", "data"): lambda: {"points": POINTS[:, :2]},
    ("FitAFunction", "model"): lambda: {"fit": lambda x, y: lambda z: z * 0 + y.mean()},
    ("NeuronExplorer", "data"): lambda: {"points": POINTS},
    ("NeuronExplorer", "activation"): lambda: {"function": lambda z: z * z},
    ("ActivationZoo", "activation"): lambda: {"function": lambda z: z * z},
    ("Playground", "data"): lambda: {"points": POINTS},
    ("Playground", "activation"): lambda: {"function": lambda z: z * z},
    ("GradientStep", "landscape"): lambda: {"error": lambda w: (w * w).sum()},
    ("OptimizerRace", "surface"): lambda: {"loss": lambda w: (w * w).sum()},
    ("OptimizerRace", "optimizer"): lambda: {"own": lambda w, gradient, state: w - 0.1 * gradient},
    ("Representation", "network"): lambda: {"model": plane_model()},
    ("Representation", "data"): lambda: {"points": dl.data.Dataset(POINTS[:, :2], POINTS[:, 2].astype(int))},
    ("Broadcast", "a"): lambda: {"own_a": (5, 1, 2)},
    ("Broadcast", "b"): lambda: {"own_b": (7,)},
    ("Wiring", "wiring"): lambda: {"model": dense_digits_model()},
    ("Unroll", "cell"): lambda: {"layer": dl.SimpleRNN(27, 8, return_sequences=True, rng=np.random.default_rng(0))},
    ("NameWriter", "cell"): lambda: {"model": letters_model()},
    ("NameWriter", "words"): lambda: {"names": ["anna", "otto", "hannah", "bob", "eve", "ava", "elle", "nan", "ada", "viv", "mim", "pip"]},
    ("SoftmaxBars", "example"): lambda: {"scores": [2.0, -1.0, 0.5]},
    ("LossExplorer", "loss"): lambda: {"function": lambda x, y: dl.mean((dl.sigmoid(x) - y) ** 4)},
    ("WhyItWorks", "left"): lambda: {"model": dense_digits_model()},
    ("WhyItWorks", "example"): lambda: {"picture": np.eye(8)},
    ("Prune", "network"): lambda: {"model": dense_digits_model()},
    ("Prune", "example"): lambda: {"picture": np.eye(8)},
    ("SmallStep", "example"): lambda: {"picture": np.eye(8)},
    ("Neighbours", "network"): lambda: {"model": dense_digits_model()},
    ("Neighbours", "example"): lambda: {"picture": np.eye(8)},
    ("InitExplorer", "weights"): lambda: {"initializer": dl.he_normal},
    ("Regularize", "data"): lambda: {"points": np.column_stack([np.arange(9.0), np.arange(9.0) % 4])},
    ("DropoutMasks", "example"): lambda: {"picture": np.eye(8)},
    ("DropoutTraining", "examples"): lambda: {"data": few_digits()},
    ("Translate", "network"): lambda: {"model": dense_digits_model(), "input_shape": (8, 8, 1)},
    ("Convolution", "filter"): lambda: {"kernel": [[-1.0, 1.0]]},
    ("Convolution", "picture"): lambda: {"image": np.eye(20)},
    ("Clinic", "who"): lambda: {"model": dense_digits_model(), "data": few_digits()},
}  # fmt: skip


def chosen_by_default(kind, control):
    return next(field.default for field in dataclasses.fields(kind) if field.name == control)


def test_the_table_has_every_choice_of_something_of_ones_own():
    choices = {
        (kind.__name__, name) for kind in widgets.ALL for name, one in kind.controls().items() if "yours" in one.options
    }
    assert choices == set(GIVEN)


@pytest.mark.parametrize(("name", "control"), GIVEN)
def test_giving_something_of_ones_own_chooses_it_and_another_choice_stands(name, control):
    kind = getattr(widgets, name)
    mine = kind(**GIVEN[name, control]())
    assert getattr(mine, control) == "yours"
    mine.describe(mine.compute())
    assert getattr(kind(), control) != "yours"
    other = mine.replace(**{control: chosen_by_default(kind, control)})
    assert getattr(other, control) == chosen_by_default(kind, control)
    assert getattr(dataclasses.replace(other, covered=True), control) == chosen_by_default(kind, control)


@pytest.mark.parametrize("kind", [widgets.NeuronExplorer, widgets.Playground], ids=lambda kind: kind.__name__)
def test_a_step_as_activation_is_shown_or_explained(kind):
    with pytest.raises(WrongTypeError, match=r"act on each entry. For a step, write dl.where\(z > 0, 1.0, 0.0\)"):
        kind(function=lambda z: 1 if z > 0 else 0)
    step = kind(function=lambda z: dl.where(z > 0, 1.0, 0.0))
    assert step.describe(step.compute())
    with pytest.raises(dl.errors.GradientError, match="no slope comes back through your function"):
        step.step()
