"""The inside of a gated cell, number by number, the second widget of lesson 12."""
