"""Widgets: one package per lesson, from state to result, picture, sentence and code.

Each widget can be imported from here by its name, and so can everything needed for a widget of your own:
``from dlcourse.widgets import NeuronExplorer, Predict``. `ALL` is the tuple of all widgets. Matplotlib and Jupyter load
when the first one is asked for, and one lesson's widget loads no other lesson's.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same table once more, for editors and type checkers; a test compares the two
    from dlcourse.live.bets import bets as bets
    from dlcourse.live.picture import picture_png as picture_png
    from dlcourse.live.widget import Pointer as Pointer
    from dlcourse.live.widget import Predict as Predict
    from dlcourse.live.widget import Widget as Widget
    from dlcourse.widgets.activations.silence import SilentUnits as SilentUnits
    from dlcourse.widgets.activations.widget import ActivationZoo as ActivationZoo
    from dlcourse.widgets.backpropagation.widget import Blame as Blame
    from dlcourse.widgets.beyond.widget import Translate as Translate
    from dlcourse.widgets.convolutional.widget import Convolution as Convolution
    from dlcourse.widgets.course_map import CourseMap as CourseMap
    from dlcourse.widgets.dropout.training import DropoutTraining as DropoutTraining
    from dlcourse.widgets.dropout.widget import DropoutMasks as DropoutMasks
    from dlcourse.widgets.egg_carton.slice import LossSlice as LossSlice
    from dlcourse.widgets.egg_carton.widget import EggCarton as EggCarton
    from dlcourse.widgets.filters_that_nobody_wrote.widget import FeatureMaps as FeatureMaps
    from dlcourse.widgets.finding_the_weights.widget import GradientStep as GradientStep
    from dlcourse.widgets.fully_connected.widget import Wiring as Wiring
    from dlcourse.widgets.how_firm.neighbours import Neighbours as Neighbours
    from dlcourse.widgets.how_firm.prune.widget import Prune as Prune
    from dlcourse.widgets.how_firm.small_step import SmallStep as SmallStep
    from dlcourse.widgets.hyperparameters.widget import Sweep as Sweep
    from dlcourse.widgets.initializations.widget import InitExplorer as InitExplorer
    from dlcourse.widgets.it_doesnt_work_why.widget import Clinic as Clinic
    from dlcourse.widgets.it_works_why.widget import WhyItWorks as WhyItWorks
    from dlcourse.widgets.jacobian_and_hessian.count import PathCount as PathCount
    from dlcourse.widgets.jacobian_and_hessian.hessian.widget import HessianMatrix as HessianMatrix
    from dlcourse.widgets.jacobian_and_hessian.jacobian.widget import JacobianMatrix as JacobianMatrix
    from dlcourse.widgets.learning_a_new_representation.two_views.widget import TwoViews as TwoViews
    from dlcourse.widgets.learning_a_new_representation.widget import Representation as Representation
    from dlcourse.widgets.learning_the_learning_rate.widget import RateFinder as RateFinder
    from dlcourse.widgets.losses.best_answer import BestAnswer as BestAnswer
    from dlcourse.widgets.losses.widget import LossExplorer as LossExplorer
    from dlcourse.widgets.measured import Measured as Measured
    from dlcourse.widgets.more_neurons_more_layers.folds.widget import Folds as Folds
    from dlcourse.widgets.more_neurons_more_layers.playground.widget import Playground as Playground
    from dlcourse.widgets.optimizers.momentum_map import MomentumMap as MomentumMap
    from dlcourse.widgets.optimizers.widget import OptimizerRace as OptimizerRace
    from dlcourse.widgets.recurrent.gates.widget import Gates as Gates
    from dlcourse.widgets.recurrent.widget import Unroll as Unroll
    from dlcourse.widgets.regularization.contact import Contact as Contact
    from dlcourse.widgets.regularization.widget import Regularize as Regularize
    from dlcourse.widgets.sgd_and_minibatch.race import BatchRace as BatchRace
    from dlcourse.widgets.sgd_and_minibatch.widget import MinibatchFan as MinibatchFan
    from dlcourse.widgets.single_neuron.widget import NeuronExplorer as NeuronExplorer
    from dlcourse.widgets.softmax.confidence.widget import ReliabilityDiagram as ReliabilityDiagram
    from dlcourse.widgets.softmax.widget import SoftmaxBars as SoftmaxBars
    from dlcourse.widgets.start_here.widget import DigitPad as DigitPad
    from dlcourse.widgets.supervised_learning.widget import FitAFunction as FitAFunction
    from dlcourse.widgets.tensors.broadcast.widget import Broadcast as Broadcast
    from dlcourse.widgets.tensors.widget import TensorExplorer as TensorExplorer
    from dlcourse.widgets.train_validate_test.widget import PeekCounter as PeekCounter
    from dlcourse.widgets.when_things_get_intense.derivation.widget import Derivation as Derivation
    from dlcourse.widgets.when_things_get_intense.widget import Paths as Paths
    from dlcourse.widgets.writing_names.widget import NameWriter as NameWriter

    ALL: tuple[type[Widget], ...]

WIDGETS = {
    "DigitPad": "start_here.widget",
    "Measured": "measured",
    "CourseMap": "course_map",
    "FitAFunction": "supervised_learning.widget",
    "NeuronExplorer": "single_neuron.widget",
    "Folds": "more_neurons_more_layers.folds.widget",
    "Playground": "more_neurons_more_layers.playground.widget",
    "GradientStep": "finding_the_weights.widget",
    "EggCarton": "egg_carton.widget",
    "LossSlice": "egg_carton.slice",
    "Blame": "backpropagation.widget",
    "MinibatchFan": "sgd_and_minibatch.widget",
    "BatchRace": "sgd_and_minibatch.race",
    "Paths": "when_things_get_intense.widget",
    "Derivation": "when_things_get_intense.derivation.widget",
    "PathCount": "jacobian_and_hessian.count",
    "JacobianMatrix": "jacobian_and_hessian.jacobian.widget",
    "HessianMatrix": "jacobian_and_hessian.hessian.widget",
    "Representation": "learning_a_new_representation.widget",
    "TwoViews": "learning_a_new_representation.two_views.widget",
    "PeekCounter": "train_validate_test.widget",
    "TensorExplorer": "tensors.widget",
    "Broadcast": "tensors.broadcast.widget",
    "Wiring": "fully_connected.widget",
    "Unroll": "recurrent.widget",
    "Gates": "recurrent.gates.widget",
    "NameWriter": "writing_names.widget",
    "Convolution": "convolutional.widget",
    "FeatureMaps": "filters_that_nobody_wrote.widget",
    "Sweep": "hyperparameters.widget",
    "ActivationZoo": "activations.widget",
    "SilentUnits": "activations.silence",
    "SoftmaxBars": "softmax.widget",
    "ReliabilityDiagram": "softmax.confidence.widget",
    "InitExplorer": "initializations.widget",
    "OptimizerRace": "optimizers.widget",
    "MomentumMap": "optimizers.momentum_map",
    "RateFinder": "learning_the_learning_rate.widget",
    "LossExplorer": "losses.widget",
    "BestAnswer": "losses.best_answer",
    "Regularize": "regularization.widget",
    "Contact": "regularization.contact",
    "DropoutMasks": "dropout.widget",
    "DropoutTraining": "dropout.training",
    "Clinic": "it_doesnt_work_why.widget",
    "WhyItWorks": "it_works_why.widget",
    "Prune": "how_firm.prune.widget",
    "SmallStep": "how_firm.small_step",
    "Neighbours": "how_firm.neighbours",
    "Translate": "beyond.widget",
}
"""Every widget, and the module below this package that has it, in the order of the lessons."""

PARTS = {
    "Pointer": "dlcourse.live.widget",
    "Predict": "dlcourse.live.widget",
    "Widget": "dlcourse.live.widget",
    "bets": "dlcourse.live.bets",
    "picture_png": "dlcourse.live.picture",
}
"""Everything needed for a widget of your own, and the module that has it."""


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return [*WIDGETS, *PARTS, "ALL"]
    if name == "ALL":
        return tuple(__getattr__(widget) for widget in WIDGETS)
    home = f"{__name__}.{WIDGETS[name]}" if name in WIDGETS else PARTS.get(name)
    if home is None:
        raise AttributeError(f"dlcourse.widgets has no {name!r}. There are: {', '.join(WIDGETS)}.")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *WIDGETS, *PARTS, "ALL"])
