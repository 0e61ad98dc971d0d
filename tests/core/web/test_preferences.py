"""The cookie of the pages' look: whatever it holds, what is read is one of the known words."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st

from core.web.preferences import CHOICES, COOKIE, Preferences, keep_preferences, read_preferences

WORDS = st.sampled_from([*(word for words in CHOICES.values() for word in words), "", "Dark", "es"])
BUSY = of_hypothesis(suppress_health_check=[HealthCheck.too_slow])  # the first text loads all of Unicode
COOKIES = st.one_of(st.text(), st.lists(WORDS, max_size=6).map(".".join))


@BUSY
@given(cookie=COOKIES)
def test_any_cookie_gives_known_words(cookie: str) -> None:
    found = Preferences.from_cookie(cookie)
    assert {name: getattr(found, name) in known for name, known in CHOICES.items()} == dict.fromkeys(CHOICES, True)
    assert found.language_tag in {"es-MX", "en"}


@BUSY
@given(values=st.dictionaries(st.sampled_from([*CHOICES, "admin"]), st.one_of(st.text(), WORDS)))
def test_what_is_kept_is_read_again(values: dict[str, str]) -> None:
    chosen = Preferences.from_values(values)
    assert Preferences.from_cookie(chosen.to_cookie()) == chosen


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("", Preferences()),
        ("dark", Preferences(theme="dark")),
        ("dark.comfortable.more.en", Preferences("dark", "comfortable", "more", "en")),
        ("purple.comfortable.more.en", Preferences("system", "comfortable", "more", "en")),
        ("en.dark", Preferences()),
        ("dark.comfortable.more.en.admin", Preferences("dark", "comfortable", "more", "en")),
    ],
)
def test_a_word_that_is_unknown_in_its_place_is_ignored(cookie: str, expected: Preferences) -> None:
    request = RequestFactory().get("/", HTTP_COOKIE=f"{COOKIE}={cookie}")
    assert read_preferences(request) == expected


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(settings: Any, secure: bool) -> None:
    settings.CSRF_COOKIE_SECURE = secure
    response = HttpResponse()
    keep_preferences(response, Preferences(theme="dark"))
    morsel = response.cookies[COOKIE]
    assert morsel.value == "dark.compact.normal.es-mx.on.wide"
    assert (morsel["httponly"], morsel["samesite"], bool(morsel["secure"])) == (True, "Lax", secure)
    assert morsel["max-age"] == 31_536_000
