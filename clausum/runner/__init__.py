"""The one-command runner: brings the whole system up in one foreground process, and takes it down again.

Nothing here imports Django, except `prepare`, which runs in a process of its own.
"""
