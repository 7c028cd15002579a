"""How sure a network is, and how often it is right: the second widget of lesson 16."""
