"""The widget of lesson 14, Hyperparameters."""
