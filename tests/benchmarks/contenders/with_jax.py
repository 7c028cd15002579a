"""The workloads in JAX: one compiled function per step, gradient and update inside."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


def setup(threads: int) -> None:
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    global jax, jnp, lax
    import jax
    import jax.numpy as jnp
    from jax import lax


def to_numpy(result: Any) -> np.ndarray:
    return np.asarray(result)


def make(name: str, d: Arrays) -> Any:
    return {"W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6}[name[:2]](d)


def dense(p: Any, x: Any, activation: Any = None, first: int = 0) -> Any:
    number = sum(name.startswith("w") and name[1:].isdigit() for name in p)
    for i in range(first, number):
        x = x @ p[f"w{i}"] + p[f"b{i}"]
        x = activation(x) if i < number - 1 else x
    return x


def convolutional(p: Any, x: Any) -> Any:
    for i in (0, 1):
        x = lax.conv_general_dilated(x, p[f"k{i}"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = jax.nn.relu(x + p[f"c{i}"])
        x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    return dense(p, x.reshape(len(x), -1))


def cross_entropy(logits: Any, labels: Any) -> Any:
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[..., None], axis=-1)
    return -chosen.mean()


def training(d: Arrays, loss_of: Any, update: Any, kept: int = 0) -> Any:
    """Compile gradient and update; `update` maps (parameters, gradients, state, step) to new parameters and state."""
    parameters = {k: jnp.asarray(v) for k, v in d.items() if k not in ("x", "y", "lr", "strength", "clip")}
    state = [jax.tree.map(jnp.zeros_like, parameters) for _ in range(kept)]

    def one_step(parameters: Any, state: Any, t: Any, x: Any, y: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x, y)
        return loss, *update(parameters, gradients, state, t)

    compiled = jax.jit(one_step, donate_argnums=(0, 1))
    xs, ys = [jnp.asarray(x) for x in d["x"]], [jnp.asarray(y) for y in d["y"]]

    def step(i: int) -> Any:
        nonlocal parameters, state
        loss, parameters, state = compiled(parameters, state, np.float32(i + 1), xs[i % len(xs)], ys[i % len(ys)])
        return loss

    return step


def sgd(lr: float) -> Any:
    return lambda p, g, state, t: (jax.tree.map(lambda w, dw: w - lr * dw, p, g), state)


def momentum(lr: float) -> Any:
    def update(p: Any, g: Any, state: Any, t: Any) -> Any:
        velocity = jax.tree.map(lambda v, dw: 0.9 * v + dw, state[0], g)
        return jax.tree.map(lambda w, v: w - lr * v, p, velocity), [velocity]

    return update


def adam(lr: float, clip: float | None = None) -> Any:
    def update(p: Any, g: Any, state: Any, t: Any) -> Any:
        if clip is not None:
            norm = jnp.sqrt(sum(jnp.sum(dw**2) for dw in jax.tree.leaves(g)))
            g = jax.tree.map(lambda dw: dw * jnp.minimum(1, clip / norm), g)
        mean = jax.tree.map(lambda m, dw: 0.9 * m + 0.1 * dw, state[0], g)
        squares = jax.tree.map(lambda s, dw: 0.999 * s + 0.001 * dw * dw, state[1], g)
        rate, root = lr / (1 - 0.9**t), (1 - 0.999**t) ** -0.5
        p = jax.tree.map(lambda w, m, s: w - rate * m / (jnp.sqrt(s) * root + 1e-8), p, mean, squares)
        return p, [mean, squares]

    return update


def w1(d: Arrays) -> Any:
    strength = float(d["strength"])

    def loss_of(p: Any, x: Any, y: Any) -> Any:
        hinge = jax.nn.relu(1 - y * dense(p, x, jax.nn.relu)).mean()
        return hinge + strength / 2 * sum(jnp.sum(w**2) for w in p.values() if w.ndim > 1)

    y = (2 * d["y"] - 1).astype(np.float32)[:, None]
    return training(d | {"x": d["x"][None], "y": y[None]}, loss_of, sgd(float(d["lr"])))


def w2(d: Arrays) -> Any:
    return training(d, lambda p, x, y: ((dense(p, x, jnp.tanh) - y) ** 2).mean(), sgd(float(d["lr"])))


def w3(d: Arrays) -> Any:
    return training(d, lambda p, x, y: cross_entropy(dense(p, x, jax.nn.relu), y), adam(float(d["lr"])), 2)


def w4(d: Arrays) -> Any:
    return training(d, lambda p, x, y: cross_entropy(convolutional(p, x), y), momentum(float(d["lr"])), 1)


def lstm(p: Any, x: Any) -> Any:
    def one(state: Any, z: Any) -> Any:
        h, c = state
        i, f, g, o = jnp.split(z + h @ p["weight_h"], 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zero = jnp.zeros((len(x), 128))
    return lax.scan(one, (zero, zero), (x @ p["weight_x"] + p["bias"]).swapaxes(0, 1))[1].swapaxes(0, 1)


def rnn(p: Any, x: Any) -> Any:
    def one(h: Any, z: Any) -> Any:
        h = jnp.tanh(z + h @ p["weight_h"])
        return h, h

    return lax.scan(one, jnp.zeros((len(x), 128)), (x @ p["weight_x"] + p["bias"]).swapaxes(0, 1))[1].swapaxes(0, 1)


def w5(d: Arrays) -> Any:
    recurrent = lstm if d["bias"].size > 128 else rnn
    return training(
        d,
        lambda p, x, y: cross_entropy(dense(p, recurrent(p, p["embedding"][x])), y),
        adam(float(d["lr"]), float(d["clip"])),
        2,
    )


def w6(d: Arrays) -> Any:
    p = {k: jnp.asarray(v) for k, v in d.items() if k not in ("x", "y", "lr")}
    compiled = jax.jit(convolutional if "k0" in d else lambda p, x: dense(p, x, jax.nn.relu))
    x = jnp.asarray(d["x"])
    return lambda i: compiled(p, x)
