"""Tools around the product, run by hand: `python -m scripts.…`."""
