"""Labelled payments: reading them, asking about them as a client would, and judging the answers."""
