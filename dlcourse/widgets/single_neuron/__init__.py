"""The widgets of lesson 02, Single neuron."""
