"""What Paths shows: one file for each view, and the network and the matrix that several of them share."""
