"""The widget of lesson 18b, Learning the learning rate."""
