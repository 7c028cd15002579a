"""The second widget of lesson 10: two shapes are brought together."""
