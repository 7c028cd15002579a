"""Convolution, the widget of lesson 13: a kernel is laid on a picture, place after place."""
