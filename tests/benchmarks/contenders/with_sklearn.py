"""What scikit-learn's MLP can do of the workloads: W2, W3 and inference of the MLP."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

Arrays = dict[str, np.ndarray]


def setup(threads: int) -> None:
    """BLAS reads its number of threads from the environment."""
    warnings.simplefilter("ignore")


def to_numpy(result: Any) -> np.ndarray:
    return np.asarray(result)


def make(name: str, d: Arrays) -> Any:
    return {"W2": w2, "W3": w3, "W6 MLP": w6}[name](d)


def begin(model: Any, d: Arrays, x: np.ndarray, y: np.ndarray, **classes: Any) -> Any:
    """Let it make its own weights, put ours in their place, and let it forget its first step."""
    model.partial_fit(x, y, **classes)
    number = len(model.coefs_)
    for i in range(number):
        model.coefs_[i][...], model.intercepts_[i][...] = d[f"w{i}"], d[f"b{i}"]
    del model._optimizer
    model.t_ = 0
    return model


def w2(d: Arrays) -> Any:
    settings = {"activation": "tanh", "solver": "sgd", "momentum": 0, "alpha": 0, "batch_size": 10}
    model = MLPRegressor(
        hidden_layer_sizes=(8, 8), learning_rate_init=2 * float(d["lr"]), **settings
    )  # its loss has a factor ½
    begin(model, d, d["x"][0], d["y"][0].ravel())

    def step(i: int) -> Any:
        model.partial_fit(d["x"][i % 50], d["y"][i % 50].ravel())
        return 2 * model.loss_

    return step


def w3(d: Arrays) -> Any:
    model = MLPClassifier(hidden_layer_sizes=(256, 128), learning_rate_init=float(d["lr"]), alpha=0, batch_size=64)
    begin(model, d, d["x"][0], d["y"][0], classes=np.arange(10))

    def step(i: int) -> Any:
        model.partial_fit(d["x"][i % 28], d["y"][i % 28])
        return model.loss_

    return step


def w6(d: Arrays) -> Any:
    model = begin(
        MLPClassifier(hidden_layer_sizes=(256, 128)), d, d["x"][:64], np.arange(64) % 10, classes=np.arange(10)
    )
    model.out_activation_ = "identity"  # logits, as from the others
    return lambda i: model._forward_pass_fast(d["x"], check_input=False)
