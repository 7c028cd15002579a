"""Tools that look at derivatives: checks and matrices of them, and the sum over paths."""

from dlcourse.calculus.derivatives import gradcheck, gradient, hessian, hessian_vector_product, jacobian
from dlcourse.calculus.sum_over_paths import Link, PathSum, Work, links, paths, work

__all__ = [
    "Link",
    "PathSum",
    "Work",
    "gradcheck",
    "gradient",
    "hessian",
    "hessian_vector_product",
    "jacobian",
    "links",
    "paths",
    "work",
]
