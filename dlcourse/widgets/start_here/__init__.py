"""The widgets of lesson 00, Start here."""
