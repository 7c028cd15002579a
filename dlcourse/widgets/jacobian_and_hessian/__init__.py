"""The widgets of lesson 07b, Jacobian and Hessian."""
