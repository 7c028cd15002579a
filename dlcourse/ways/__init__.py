"""Ways through the course: what its words mean and where each is explained, and which lesson builds on which.

glossary.py reads the words from terms.toml, contents.py the lessons' titles and minutes from the lessons, course_map.py says
what builds on what. Tests hold all of it to what the lessons say.
"""
