"""The widgets of lesson 18, Optimizers."""
