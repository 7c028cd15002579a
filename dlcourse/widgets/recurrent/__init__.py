"""The widgets of lesson 12, Recurrent networks."""
