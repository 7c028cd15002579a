"""The Jacobian matrix of a network, the second widget of lesson 07b."""
