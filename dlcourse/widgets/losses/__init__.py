"""The widgets of lesson 19, Losses."""
