"""How a person wants the pages: kept in a cookie that is believed only where it holds known words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "clausum_ui"
COOKIE_SECONDS = 365 * 24 * 3600
CHOICES = {
    "theme": ("system", "light", "dark"),
    "density": ("compact", "comfortable"),
    "contrast": ("normal", "more"),
    "language": ("es-mx", "en"),
    "shortcuts": ("on", "off"),
    "side_bar": ("wide", "narrow"),
}
_TAGS = {"es-mx": "es-MX", "en": "en"}


@dataclass(frozen=True)
class Preferences:
    """Words of CHOICES; what is not said is the first of each."""

    theme: str = "system"
    density: str = "compact"
    contrast: str = "normal"
    language: str = "es-mx"
    shortcuts: str = "on"
    side_bar: str = "wide"

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Take what is known of the values, and leave the rest as if it had not been said."""
        return cls(**{name: values[name] for name, known in CHOICES.items() if values.get(name) in known})

    @classmethod
    def from_cookie(cls, cookie: str) -> Self:
        """Read `theme.density.contrast.language.shortcuts.side_bar`; what is missing at the end was not said."""
        return cls.from_values(dict(zip(CHOICES, cookie.split("."), strict=False)))

    @property
    def language_tag(self) -> str:
        """The language as HTML names it (BCP 47)."""
        return _TAGS[self.language]

    def to_values(self) -> dict[str, str]:
        """Return what is chosen, as `from_values` reads it."""
        return asdict(self)

    def to_cookie(self) -> str:
        return ".".join(asdict(self).values())


def read_preferences(request: HttpRequest) -> Preferences:
    """Return the preferences of whoever sent the request: those in force already, else what the cookie says."""
    in_force = getattr(request, "preferences", None)
    return in_force if isinstance(in_force, Preferences) else Preferences.from_cookie(request.COOKIES.get(COOKIE, ""))


def keep_preferences(response: HttpResponse, preferences: Preferences) -> None:
    """Send the preferences along, for a year; no script can read them."""
    response.set_cookie(
        COOKIE,
        preferences.to_cookie(),
        max_age=COOKIE_SECONDS,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
