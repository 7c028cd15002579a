"""What every widget is made of; knows no lesson. `jupyter` alone knows Jupyter."""
