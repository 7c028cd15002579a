"""The widgets of lesson 05, Backpropagation."""
