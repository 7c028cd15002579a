"""The widgets of lesson 13, Convolutional networks."""
