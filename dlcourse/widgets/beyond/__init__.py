"""The widget of lesson 24."""
