"""The widgets of lesson 20, Regularization."""
