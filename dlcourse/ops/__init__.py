"""Differentiable operations on plain arrays: each derivative stands on the lines under its operation."""
