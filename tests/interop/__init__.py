"""Tests that need the extra `interop`: PyTorch, Keras and JAX."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")  # Keras asks for it when it is imported
