"""Style sheets: values come from tokens, everything lies in a layer, and every sheet is loaded."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

CSS = ROOT / "static/css"
SHEETS = sorted(path for path in CSS.rglob("*.css") if path.name != "tokens.css")
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(|:\s*(?:white|black|red)\b"
)
LENGTH = re.compile(r"(?<![\w.-])(\d*\.?\d+)px\b")
LAYER = re.compile(r"@layer (?:base|layout|components) \{\n(?:.*\n)*\}\n")


def _name(path: Path) -> str:
    return str(path.relative_to(CSS))


@pytest.mark.parametrize("path", SHEETS, ids=_name)
def test_a_sheet_has_no_colour_and_no_length_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert COLOUR.findall(text) == []
    assert [length for length in LENGTH.findall(text) if length != "1"] == []  # hairlines are one pixel


@pytest.mark.parametrize("path", SHEETS, ids=_name)
def test_a_sheet_lies_in_one_layer(path: Path) -> None:
    assert LAYER.fullmatch(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SHEETS, ids=_name)
def test_a_sheet_names_only_tokens_that_exist(path: Path) -> None:
    known = set(re.findall(r"(--[a-z0-9-]+):", (CSS / "tokens.css").read_text(encoding="utf-8")))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", path.read_text(encoding="utf-8"))) - known == set()


def test_every_token_is_used() -> None:
    tokens = (CSS / "tokens.css").read_text(encoding="utf-8")
    everything = tokens + "".join(path.read_text(encoding="utf-8") for path in SHEETS)
    known = set(re.findall(r"(--[a-z0-9-]+):", tokens))
    assert {name for name in known if f"var({name})" not in everything} == set()


def test_every_sheet_is_loaded_once_tokens_first() -> None:
    text = (ROOT / "templates/layouts/styles.html").read_text(encoding="utf-8")
    loaded = re.findall(r"'css/([^']+)'", text)
    assert loaded[0] == "tokens.css"
    assert sorted(loaded) == sorted(_name(path) for path in CSS.rglob("*.css"))
