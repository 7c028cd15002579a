"""The widgets of lesson 04b, the egg carton: wells in many dimensions, and planes through a real network."""
