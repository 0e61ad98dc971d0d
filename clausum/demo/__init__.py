"""The demo: three organizations with people, keys and some weeks of payments."""
