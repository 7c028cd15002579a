"""What every exercise is made of; knows no lesson: running an answer, comparing, hints."""
