"""Small changes of a program, as a slip of the hand or of the head makes them, and as one undoes them."""
