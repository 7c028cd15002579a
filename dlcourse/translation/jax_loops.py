"""Recurrent layers in JAX, which has none: the formulas, one step at a time, as they stand in a program."""

from __future__ import annotations

__all__ = ["LOOPS"]

LOOPS = {
    "simple_rnn": """def simple_rnn(x, weight_x, weight_h, bias):
    def step(h, x_t):
        h = jnp.tanh(x_t @ weight_x + h @ weight_h + bias)
        return h, h  # what goes on, and what is kept

    start = jnp.zeros((len(x), len(weight_h)))
    _, states = lax.scan(step, start, x.swapaxes(0, 1))  # scan runs over the first axis: time
    return states.swapaxes(0, 1)""",
    "gru": """def gru(x, weight_x, weight_h, bias, bias_n):
    def step(h, x_t):
        x_r, x_z, x_n = jnp.split(x_t @ weight_x + bias, 3, axis=1)  # gates r, z, n
        h_r, h_z, h_n = jnp.split(h @ weight_h, 3, axis=1)
        r, z = jax.nn.sigmoid(x_r + h_r), jax.nn.sigmoid(x_z + h_z)
        n = jnp.tanh(x_n + r * (h_n + bias_n))  # the reset comes after the product
        h = (1 - z) * n + z * h
        return h, h  # what goes on, and what is kept

    start = jnp.zeros((len(x), len(weight_h)))
    _, states = lax.scan(step, start, x.swapaxes(0, 1))  # scan runs over the first axis: time
    return states.swapaxes(0, 1)""",
    "lstm": """def lstm(x, weight_x, weight_h, bias):
    def step(state, x_t):
        h, c = state
        i, f, g, o = jnp.split(x_t @ weight_x + h @ weight_h + bias, 4, axis=1)  # gates i, f, g, o
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h  # what goes on, and what is kept

    start = jnp.zeros((len(x), len(weight_h)))
    _, states = lax.scan(step, (start, start), x.swapaxes(0, 1))  # scan runs over the first axis: time
    return states.swapaxes(0, 1)""",
}
