"""The side bar's table."""

from clausum.web.navigation import NAVIGATION


def test_a_letter_leads_to_one_page_and_leaves_the_account_its_own() -> None:
    letters = [leaf.letter for part in NAVIGATION for leaf in part.leaves if leaf.letter]
    assert len(letters) == len(set(letters))
    assert "u" not in letters
    assert "".join(letters).isalpha()
