"""The widgets of lesson 10, Tensors."""
