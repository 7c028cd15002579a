"""The questions of each lesson, in a file of its own: most are the lesson's bets, word by word, with what must be known."""
