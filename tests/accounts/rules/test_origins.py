"""Origins as browsers send them."""

import pytest

from accounts.rules.origins import normalize_origin
from core.identifiers.errors import InvalidShape


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://tienda.example.mx", "https://tienda.example.mx"),
        (" HTTPS://Tienda.Example.MX ", "https://tienda.example.mx"),
        ("https://tienda.example.mx:443", "https://tienda.example.mx"),
        ("http://tienda.example.mx:80", "http://tienda.example.mx"),
        ("http://tienda.example.mx:443", "http://tienda.example.mx:443"),
        ("http://localhost:03000", "http://localhost:3000"),
        ("https://ñandú.example", "https://xn--and-6ma2c.example"),
        ("http://192.0.2.7:8080", "http://192.0.2.7:8080"),
        ("http://[2001:DB8:0::1]:8080", "http://[2001:db8::1]:8080"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_is_kept_as_a_browser_sends_it(given: str, kept: str) -> None:
    assert normalize_origin(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "null",
        "*",
        "tienda.example.mx",
        "https://",
        "https://tienda.example.mx/",
        "https://tienda.example.mx/pago",
        "https://tienda.example.mx?x=1",
        "https://*.example.mx",
        "https://user@tienda.example.mx",
        "https://tienda.example.mx:0",
        "https://tienda.example.mx:70000",
        "https://tienda .example.mx",
        "https://-tienda.example.mx",
        "http://[::g]",
        "https://" + "a." * 130 + "mx",
    ],
)
def test_what_is_no_origin_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(InvalidShape) as refusal:
        normalize_origin(given)
    assert str(refusal.value) == "An origin is written scheme://host[:port], without a path or a wildcard."
