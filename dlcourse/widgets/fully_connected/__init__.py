"""The widgets of lesson 11, Fully connected networks."""
