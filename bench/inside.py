"""Runs the `main` of another module with the application's settings and apps loaded: `python -m bench.inside MODULE …`.

The benchmark itself never loads them: it speaks to several databases, and each such process to one.
"""

import sys
from importlib import import_module

import django


def main() -> None:
    django.setup()
    module, *arguments = sys.argv[1:]
    import_module(module).main(arguments)


if __name__ == "__main__":
    main()
