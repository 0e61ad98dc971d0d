"""Composition root: settings, routes, the process entry points and the one-command runner."""
