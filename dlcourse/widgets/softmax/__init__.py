"""The widgets of lesson 16, Softmax."""
