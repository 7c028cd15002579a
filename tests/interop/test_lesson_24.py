"""The cell of lesson 24 that runs a network in PyTorch does so, where PyTorch is installed."""

import importlib.util
import json
import os
import tempfile

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks


def in_pytorch():
    """The function of the lesson."""
    cells = json.loads((notebooks.folder() / "24_beyond.ipynb").read_bytes())["cells"]
    (source,) = ["".join(cell["source"]) for cell in cells if "".join(cell["source"]).startswith("def in_pytorch")]
    space = {"dl": dl, "os": os, "tempfile": tempfile}
    exec(source.split("\n\nif importlib")[0], space)
    return space["in_pytorch"]


def test_the_scores_of_the_lesson_are_those_of_pytorch():
    if importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed: pip install dlcourse[interop]")
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Flatten(), dl.Dense(64, 8, activation=dl.relu, rng=rng), dl.Dense(8, 10, rng=rng))
    x = rng.normal(size=(5, 8, 8, 1)).astype(np.float32)
    np.testing.assert_allclose(in_pytorch()(model, x), model(x).data, atol=1e-5)
