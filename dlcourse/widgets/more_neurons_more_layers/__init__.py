"""The widgets of lesson 03, More neurons, more layers."""
