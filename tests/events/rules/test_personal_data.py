import hashlib
import hmac

from events.rules.personal_data import digest_personal_data


def test_the_digest_is_hmac_sha256_keyed_by_the_salt() -> None:
    expected = hmac.new(b"s" * 32, b'{"email":"a@example.com"}', hashlib.sha256).digest()
    assert digest_personal_data(salt=b"s" * 32, data={"email": "a@example.com"}) == expected


def test_another_salt_gives_another_digest() -> None:
    data = {"email": "a@example.com"}
    assert digest_personal_data(salt=b"s" * 32, data=data) != digest_personal_data(salt=b"t" * 32, data=data)
