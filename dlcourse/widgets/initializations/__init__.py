"""InitExplorer, the widget of lesson 17: what the first weights do to a deep network."""
