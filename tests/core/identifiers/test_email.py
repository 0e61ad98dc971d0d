"""E-mail and domains: one canonical form, public suffixes, the parents a list may name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identifiers import email
from core.identifiers.errors import InvalidIdentifier, InvalidShape


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (" Ana.Perez+x@Example.COM\n", "ana.perez+x@example.com"),
        ("ana@M\u00c9XICO.example", "ana@xn--mxico-bsa.example"),
        ("ana@xn--mxico-bsa.example", "ana@xn--mxico-bsa.example"),
        ("ana@\uff45\uff56\uff49\uff4c.com", "ana@evil.com"),
        ("ana@evil.com.", "ana@evil.com"),
        ("ana@evil\u3002com", "ana@evil.com"),
        ("JOSE\u0301@example.com", "jos\u00e9@example.com"),
        ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
    ],
)
def test_one_address_has_one_form(written: str, canonical: str) -> None:
    assert email.validate(written) == email.compact(written) == canonical


@pytest.mark.parametrize(
    "value",
    [
        "",
        "@",
        "ana",
        "ana@",
        "@example.com",
        "a@b@example.com",
        "ana@localhost",
        "ana@-a.com",
        "ana@a-.com",
        "ana@a..com",
        "ana@.com",
        "ana@a_b.com",
        "ana@1.2.3.4",
        "ana@[1.2.3.4]",
        "an a@example.com",
        '"ana"@example.com',
        "ana\x00@example.com",
        "ana\u200b@example.com",
        "ana\ud800@example.com",
        "ana@exa\ud800mple.com",
        "a" * 65 + "@example.com",
        "\u00e9" * 33 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + "b." * 126 + "com",
        "a" * 60 + "@" + "b." * 96 + "com",
    ],
)
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(InvalidShape):
        email.validate(value)
    assert not email.is_valid(value)


def test_the_longest_parts_pass() -> None:
    assert email.is_valid("a" * 64 + "@" + "b" * 63 + ".com")


def test_the_domain_of_an_address_is_what_follows_the_at_sign() -> None:
    assert email.domain_of("ana@a.example.com") == "a.example.com"
    assert email.domain_of("ana") == ""


@pytest.mark.parametrize(
    ("written", "canonical"),
    [(" Evil.COM.mx ", "evil.com.mx"), ("m\u00e9xico.example", "xn--mxico-bsa.example"), ("evil.com.", "evil.com")],
)
def test_a_domain_has_one_form(written: str, canonical: str) -> None:
    assert email.validate_domain(written) == canonical


@pytest.mark.parametrize("value", ["com", "com.mx", "co.uk", "COM.", "kawasaki.jp", "a.ck", "unassigned"])
def test_a_public_suffix_cannot_be_listed(value: str) -> None:
    with pytest.raises(InvalidShape):
        email.validate_domain(value)
    assert not email.is_valid_domain(value)


@pytest.mark.parametrize("value", ["", ".", "@evil.com", "*.evil.com", "evil .com", "http://evil.com", "1.2.3.4"])
def test_what_is_no_domain_cannot_be_listed(value: str) -> None:
    with pytest.raises(InvalidShape):
        email.validate_domain(value)


@pytest.mark.parametrize("value", ["blogspot.com", "github.io", "foo.blogspot.com", "evil.unassigned"])
def test_private_suffixes_and_unlisted_top_levels_can_be_listed(value: str) -> None:
    assert email.is_valid_domain(value)


def test_parents_go_down_to_the_registered_domain_and_no_further() -> None:
    assert email.registrable_parents("a.b.evil.com.mx") == ("a.b.evil.com.mx", "b.evil.com.mx", "evil.com.mx")
    assert email.registrable_parents("evil.com") == ("evil.com",)
    assert email.registrable_parents("foo.blogspot.com") == ("foo.blogspot.com", "blogspot.com")


@pytest.mark.parametrize("value", ["com.mx", "com", "", "a..b", "not a domain", "."])
def test_public_suffixes_and_non_domains_have_no_parents(value: str) -> None:
    assert email.registrable_parents(value) == ()


any_text = st.text(st.characters(), max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.one_of(any_text, st.builds("{}@{}".format, any_text, any_text), st.emails()))
def test_any_text_is_read_or_refused(value: str) -> None:
    assert email.compact(email.compact(value)) == email.compact(value)
    try:
        canonical = email.validate(value)
    except InvalidIdentifier:
        assert not email.is_valid(value)
    else:
        assert email.validate(canonical) == canonical == email.compact(value)
        assert canonical.endswith("@" + email.domain_of(canonical))


@settings(max_examples=150, deadline=None)
@given(st.one_of(any_text, st.from_regex(r"[A-Za-z0-9.\u3002 \u00e9-]{1,40}", fullmatch=True)))
def test_any_domain_is_read_or_refused(value: str) -> None:
    domain = email.compact_domain(value)
    assert email.compact_domain(domain) == domain
    if email.is_valid_domain(value):
        parents = email.registrable_parents(domain)
        assert parents[0] == email.validate_domain(value) == domain
        assert all(email.validate_domain(parent) == parent for parent in parents)
        assert email.registrable_parents(parents[-1]) == parents[-1:]
