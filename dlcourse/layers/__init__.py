"""Layers: they hold parameters and call operations; no derivative is written here."""
