"""The made-up world of the sample: who is in it, what they ordinarily pay, and the frauds among it."""
