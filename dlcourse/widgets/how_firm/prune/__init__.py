"""Prune: hidden neurons are taken away one by one."""
