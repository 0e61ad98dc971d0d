"""The text steps that several identifiers share."""

import string

_UPPER_ASCII = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_HYPHENS = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2212"))


def without_spaces(value: str) -> str:
    """Return the value without any white space, no-break spaces included."""
    return "".join(value.split())


def without_separators(value: str) -> str:
    """Return the value without white space and hyphens, typographic ones included."""
    return without_spaces(value).translate(_HYPHENS)


def upper_ascii(value: str) -> str:
    """Return the value with a-z in upper case and every other character as it is.

    ``str.upper`` would turn foreign letters into ASCII ("ß" into "SS") and so make
    two different values equal.
    """
    return value.upper() if value.isascii() else value.translate(_UPPER_ASCII)
