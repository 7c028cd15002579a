"""NameWriter, the widget of lesson 12b: a network learns names and writes new ones."""
