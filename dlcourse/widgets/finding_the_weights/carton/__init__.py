"""The egg carton, the second widget of the lesson."""
