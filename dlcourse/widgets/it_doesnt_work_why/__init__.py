"""Clinic, the widget of lesson 22: networks that do not work, the tests that say why, and what cures them."""
