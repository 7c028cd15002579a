"""What a picture says is what the result says: walks over any figure, and one row for each widget."""
