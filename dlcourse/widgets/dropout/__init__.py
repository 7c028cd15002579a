"""Widgets of lesson 21: thinned networks and their mean, and what dropout does to a training."""
