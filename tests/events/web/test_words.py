"""Whatever is recorded can be said in words, in both languages."""

import ast
from pathlib import Path

from django.utils import translation

from events.kinds import KINDS
from events.web.words import FIELD_WORDS, KIND_WORDS, SUBJECT_WORDS
from tests.architecture.sources import list_modules, parse


def test_every_kind_has_words() -> None:
    assert [kind for kind in KINDS if kind not in KIND_WORDS] == []


def test_every_subject_that_is_recorded_has_words() -> None:
    recorded = {name for path in list_modules() for name in _subjects(path)}
    assert recorded
    assert sorted(recorded - SUBJECT_WORDS.keys()) == []


def _subjects(path: Path) -> list[str]:
    return [
        str(keyword.value.value)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "subject_type" and isinstance(keyword.value, ast.Constant)
    ]


def test_the_words_are_in_both_languages() -> None:
    words = [*KIND_WORDS.values(), *SUBJECT_WORDS.values(), *FIELD_WORDS.values()]
    with translation.override("es-mx"):
        spanish = [str(word) for word in words]
    with translation.override("en"):
        english = [str(word) for word in words]
    same = {said for said, other in zip(spanish, english, strict=True) if said == other}
    assert same == {"Backtest"}, "the field's own word, in both"
    assert "" not in english
