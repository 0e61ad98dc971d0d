"""The one-command runner, tried with real processes."""
