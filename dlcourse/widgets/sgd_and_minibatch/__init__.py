"""The widgets of lesson 06, SGD and minibatch."""
