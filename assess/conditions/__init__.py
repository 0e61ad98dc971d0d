"""The language of custom rules: a small, typed, terminating part of CEL (docs/decisions/0050)."""
