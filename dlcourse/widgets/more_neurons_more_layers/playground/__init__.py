"""The Playground of lesson 03: build a network, train it, look into it."""
