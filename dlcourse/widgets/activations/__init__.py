"""The widgets of lesson 15, Activations."""
