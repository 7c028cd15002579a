"""The slide's derivation, line by line, the second widget of lesson 07."""
