"""The widgets of lesson 23b, How firm is an answer?"""
