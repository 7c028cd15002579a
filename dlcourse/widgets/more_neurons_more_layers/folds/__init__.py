"""Folds of lesson 03: ReLU units on one input, their sum, and where it bends."""
