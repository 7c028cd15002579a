"""Derivatives of functions whose derivatives are known."""

import numpy as np
import pytest

import dlcourse as dl


def test_an_input_may_be_a_single_number():
    slope = 1 - np.tanh(0.1) ** 2
    (gradient,) = dl.gradient(dl.tanh, 0.1)
    np.testing.assert_allclose(gradient, slope, rtol=1e-14)
    np.testing.assert_allclose(dl.jacobian(dl.tanh, 0.1), slope, rtol=1e-14)
    np.testing.assert_allclose(dl.hessian(dl.tanh, 0.1), [[-2 * np.tanh(0.1) * slope]], rtol=1e-8)


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda x: dl.Tensor(np.array(x))])
def test_no_digit_of_an_input_is_lost(kind):
    x = kind([0.1, 0.7])  # both are different numbers in float32
    (gradient,) = dl.gradient(lambda x: (x * x).sum(), x)
    np.testing.assert_allclose(gradient, [0.2, 1.4], rtol=1e-15)
    np.testing.assert_allclose(dl.jacobian(lambda x: x * x, x), [[0.2, 0], [0, 1.4]], rtol=1e-15)
    np.testing.assert_allclose(dl.hessian(lambda x: (x * x * x).sum(), x), [[0.6, 0], [0, 4.2]], atol=1e-9)


def test_words_are_no_point():
    for tool in (dl.gradient, dl.jacobian, dl.hessian):
        with pytest.raises(dl.errors.WrongTypeError):
            tool(lambda x: x * x, "here")
