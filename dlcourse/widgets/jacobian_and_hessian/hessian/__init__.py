"""The Hessian of one output by the weights of a layer, the third widget of lesson 07b."""
