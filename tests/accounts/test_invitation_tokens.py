"""The tokens of invitations."""

import pytest

from accounts.invitation_tokens import hash_token, make_token, read_public_id
from accounts.keys import hash_key


def test_a_token_names_its_invitation_and_is_kept_as_a_hash() -> None:
    token = make_token()
    assert read_public_id(token.full) == token.public_id
    assert token.token_hash == hash_token(token.full) != hash_key(token.full)


def test_a_renewed_token_keeps_its_name_and_nothing_else() -> None:
    former = make_token()
    renewed = make_token(public_id=former.public_id)
    assert renewed.public_id == former.public_id
    assert renewed.full != former.full


@pytest.mark.parametrize("given", ["", "abc", "a" * 12 + "-", "\x00" * 45, "a" * 12 + "-" + "é" * 32, "a" * 5000])
def test_what_has_not_the_form_of_a_token_names_nothing(given: str) -> None:
    assert read_public_id(given) is None
