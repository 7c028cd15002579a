"""The widgets of lesson 23, It works, why?"""
