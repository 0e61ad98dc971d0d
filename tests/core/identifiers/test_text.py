"""The shared text steps."""

from core.identifiers.text import upper_ascii, without_separators, without_spaces


def test_upper_case_touches_only_ascii() -> None:
    assert upper_ascii("abcXYZ1") == "ABCXYZ1"
    assert upper_ascii("a\u00df\u0131\u00f1") == "A\u00df\u0131\u00f1"


def test_every_kind_of_space_and_hyphen_goes() -> None:
    assert without_spaces(" a\u00a0b\u2003c\td\n") == "abcd"
    assert without_separators("1-2\u20103\u20114 5") == "12345"
