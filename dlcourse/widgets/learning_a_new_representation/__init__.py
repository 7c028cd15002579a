"""The widgets of lesson 08, Learning a new representation."""
