"""The widgets of lesson 04, Finding the weights."""
