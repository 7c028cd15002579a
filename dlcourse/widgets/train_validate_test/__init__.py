"""The widgets of lesson 09, Train, validate, test."""
