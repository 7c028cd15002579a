"""Notebooks that were handed in: take the learners' functions out of them, and check each one where it can do no harm."""
