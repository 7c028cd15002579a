"""The activations in other libraries: one row each, with what differs there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dlcourse import activations as ours

__all__ = ["ACTIVATIONS", "Row"]


@dataclass(frozen=True)
class Row:
    """An activation in each target; {} stands for its setting. A note, where a default or a formula differs, follows #."""

    pytorch: str
    keras: str
    jax: str
    defaults: dict[str, Any] = field(default_factory=dict)


ACTIVATIONS: dict[Callable[..., Any], Row] = {
    ours.identity: Row("x", "x", "x"),
    ours.sigmoid: Row("torch.sigmoid(x)", "ops.sigmoid(x)", "jax.nn.sigmoid(x)"),
    ours.log_sigmoid: Row("F.logsigmoid(x)", "ops.log_sigmoid(x)", "jax.nn.log_sigmoid(x)"),
    ours.tanh: Row("torch.tanh(x)", "ops.tanh(x)", "jnp.tanh(x)"),
    ours.hard_tanh: Row("F.hardtanh(x)", "ops.hard_tanh(x)", "jax.nn.hard_tanh(x)"),
    ours.softsign: Row("F.softsign(x)", "ops.softsign(x)", "jax.nn.soft_sign(x)"),
    ours.relu: Row("F.relu(x)", "ops.relu(x)", "jax.nn.relu(x)"),
    ours.leaky_relu: Row(
        "F.leaky_relu(x, {})",
        "ops.leaky_relu(x, {})  # the slope; without it Keras takes 0.2",
        "jax.nn.leaky_relu(x, {})",
        {"slope": 0.01},
    ),
    ours.softplus: Row(
        "F.softplus(x)  # x itself above 20, which differs by 2e-9 at most", "ops.softplus(x)", "jax.nn.softplus(x)"
    ),
    ours.elu: Row("F.elu(x, {})", "ops.elu(x, {})", "jax.nn.elu(x, {})", {"alpha": 1.0}),
    ours.gelu: Row(
        'F.gelu(x, approximate="tanh")  # without the word: by the normal distribution, up to 0.0005 away',
        "ops.gelu(x, approximate=True)  # by tanh; False is up to 0.0005 away",
        "jax.nn.gelu(x, approximate=True)  # by tanh; False is up to 0.0005 away",
    ),
    ours.silu: Row("F.silu(x)", "ops.silu(x)", "jax.nn.silu(x)"),
    ours.hard_sigmoid: Row(
        "F.hardsigmoid(x)  # slope 1/6, as here",
        "ops.hard_sigmoid(x)  # slope 1/6, as here; 0.2 before Keras 3",
        "jax.nn.hard_sigmoid(x)  # slope 1/6, as here",
    ),
    ours.softmax: Row("F.softmax(x, dim={})", "ops.softmax(x, axis={})", "jax.nn.softmax(x, axis={})", {"axis": -1}),
    ours.log_softmax: Row(
        "F.log_softmax(x, dim={})", "ops.log_softmax(x, axis={})", "jax.nn.log_softmax(x, axis={})", {"axis": -1}
    ),
}
