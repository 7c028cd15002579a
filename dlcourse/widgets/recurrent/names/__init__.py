"""NameWriter, the second widget of lesson 12: a network learns names and writes new ones."""
