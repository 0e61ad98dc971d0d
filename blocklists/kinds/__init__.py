"""What each list type is: one file per type, and `table` lists them.

A type says how a value is normalised before it is stored, and which values of a payment are looked up. To add one:
docs/how-to/add-a-list-type.md.
"""
