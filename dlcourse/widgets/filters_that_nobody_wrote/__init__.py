"""FeatureMaps, the widget of lesson 13b: what each filter of a trained network looks for in a picture."""
