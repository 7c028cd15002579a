"""A generated program, run for real: outputs, and one step of plain gradient descent whose weights come back."""

from __future__ import annotations

import numpy as np

import dlcourse as dl


class Program:
    """What is asked of each library alike.

    `outputs(x, training)` is the result for a batch, `step(x, g, lr)` writes a file of the weights after one step down
    the gradient of Σ g · output, and returns its path.
    """

    source: str | None = None

    def __init__(self, model, weights, folder):
        self.names, self.folder = {}, folder
        dl.save(model, weights)
        exec(compile(dl.translate(model, self.to), f"{self.to} program", "exec"), self.names)
        self.load(weights)

    def bring_back(self, path, model):
        dl.load_from(model, path, self.source)


class PyTorch(Program):
    to = source = "pytorch"

    def load(self, weights):
        self.model = self.names["load"](str(weights))

    def outputs(self, x, training):
        import torch

        return self.model.train(training)(torch.as_tensor(x)).detach().numpy()

    def step(self, x, g, lr):
        import torch
        from safetensors.torch import save_file

        (self.model.train()(torch.as_tensor(x)) * torch.as_tensor(g)).sum().backward()
        torch.optim.SGD([p for p in self.model.parameters() if p.requires_grad], lr).step()
        path = self.folder / "after.safetensors"
        save_file({name: array.contiguous() for name, array in self.model.state_dict().items()}, path)
        return path


class Keras(Program):
    to = source = "keras"

    def load(self, weights):
        self.model = self.names["load"](weights)

    def outputs(self, x, training):
        return np.array(self.model(x, training=training).detach())

    def step(self, x, g, lr):
        import keras
        import torch
        from safetensors.numpy import save_file

        (self.model(x, training=True) * torch.as_tensor(g)).sum().backward()
        weights = self.model.trainable_variables
        with torch.no_grad():
            keras.optimizers.SGD(lr).apply([weight.value.grad for weight in weights], weights)
        path = self.folder / "after.safetensors"
        # Keras starts some weights with a matrix turned in memory, and safetensors does not look at that.
        save_file({weight.path: np.ascontiguousarray(weight) for weight in self.model.variables}, path)
        return path


class Jax(Program):
    to = "jax"

    def load(self, weights):
        loaded = self.names["load"](weights)
        self.weights, self.averages = loaded if isinstance(loaded, tuple) else (loaded, None)
        self.takes = self.names["network"].__code__.co_varnames[: self.names["network"].__code__.co_argcount]

    def _run(self, weights, x, training):
        import jax

        settings = {"training": training, "key": jax.random.key(0)}
        settings = {name: value for name, value in settings.items() if name in self.takes}
        if self.averages is None:
            return self.names["network"](weights, x, **settings), None
        return self.names["network"](weights, self.averages, x, **settings)

    def outputs(self, x, training):
        return np.array(self._run(self.weights, x, training)[0])

    def step(self, x, g, lr):
        import jax
        from safetensors.numpy import save_file

        def loss(weights):
            y, averages = self._run(weights, x, True)
            return (y * g).sum(), averages

        slopes, averages = jax.grad(loss, has_aux=True)(self.weights)
        self.weights = {name: array - lr * slopes[name] for name, array in self.weights.items()}
        self.averages = averages
        path = self.folder / "after.safetensors"
        save_file(
            {name: np.ascontiguousarray(array) for name, array in (self.weights | (averages or {})).items()}, path
        )
        return path

    def bring_back(self, path, model):
        dl.load(model, path)


LIBRARIES = {"pytorch": PyTorch, "keras": Keras, "jax": Jax}
