"""A small chain of dense layers, its numbers, its picture and how a hand walks in it: what the widgets of 07 and 07b share."""
