"""Exercises, one module a lesson: ``from dlcourse.exercises import single_neuron as ex``, then ``ex.check(name, function)``."""
