"""The widgets of lesson 01, Supervised learning."""
