"""FeatureMaps, the second widget of lesson 13: what each filter of a trained network looks for in a picture."""
