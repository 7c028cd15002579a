"""Two views of lesson 08: unseen digits as pixels and as a hidden layer says them."""
