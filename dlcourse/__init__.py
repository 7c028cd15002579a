"""dlcourse: a deep-learning course one can take apart."""

__version__ = "0.1.0.dev0"
