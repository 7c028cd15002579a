"""The widgets of lesson 07, When things get intense."""
