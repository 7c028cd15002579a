"""The widget of lesson 23, It works, why?, and what those of lesson 23b share with it."""
