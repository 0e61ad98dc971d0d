"""The components: what they say to every reader, and that nothing of the data becomes markup."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from core.web.charts import Point
from core.web.decisions import DECISIONS
from core.web.waterfall import Step, Threshold, Waterfall
from transactions.types import Decision

NOW = datetime(2026, 11, 22, 20, 3, 7, tzinfo=UTC)
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:1 }}"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def _render(source: str, **context: Any) -> str:
    with translation.override("es-mx"):
        return Template("{% load ui %}" + source).render(Context(context)).strip()


def test_there_is_one_shown_decision_for_each_that_the_policy_takes() -> None:
    assert set(DECISIONS) == {decision.value for decision in Decision}


@pytest.mark.parametrize(
    ("code", "word", "icon"),
    [
        ("approve", "Liberar", "circle-check"),
        ("review", "En revisión", "eye"),
        ("challenge", "Verificar", "shield-question-mark"),
        ("decline", "Rechazar", "octagon-x"),
    ],
)
def test_a_decision_is_word_icon_and_colour(code: str, word: str, icon: str) -> None:
    shown = _render("{% decision code %}", code=code)
    assert word in shown
    assert f"#{icon}" in shown
    assert f"decision--{code}" in shown


def test_an_unknown_decision_is_an_error_and_no_colour() -> None:
    with pytest.raises(KeyError):
        _render("{% decision 'allow' %}")


def test_money_shows_the_amount_and_gives_machines_the_number() -> None:
    shown = _render("{% money 123450 'mxn' %}")
    assert shown == ('<data class="money" value="1234.50">$1,234.50 <span class="money__currency">MXN</span></data>')


def test_a_moment_is_relative_with_the_exact_time_for_all() -> None:
    shown = _render("{% moment at now %}", at=NOW - timedelta(minutes=12), now=NOW)
    exact = "22/11/2026 13:51:07 CDMX (UTC\N{MINUS SIGN}6)"
    assert 'datetime="2026-11-22T19:51:07+00:00"' in shown
    assert shown.count(exact) == 2
    assert ">hace 12 min<" in shown
    beside = _render("{% moment at now exact=True %}", at=NOW, now=NOW)
    assert "title=" not in beside
    assert "22/11/2026 14:03:07" in beside


def test_a_clabe_is_masked_unless_told_otherwise() -> None:
    masked = _render("{% clabe value %}", value="646180115000009034")
    assert "11500000" not in masked
    assert "CLABE que termina en 9034" in masked
    assert "646 180 11500000903 4" in _render("{% clabe value masked=False %}", value="646180115000009034")


def test_a_chart_has_a_title_and_the_same_figures_in_a_table() -> None:
    points = [Point("09:00", 12), Point("10:00", 15)]
    for tag in ("sparkline", "bars"):
        shown = _render("{% " + tag + " points 'Evaluaciones' 'Hora' 'Cantidad' %}", points=points)
        assert "<title>" in shown
        assert re.findall(r"<td[^>]*>(\d+)</td>", shown) == ["12", "15"]


def test_a_spark_is_a_drawing_with_a_title() -> None:
    shown = _render("{% spark points it %}", points=[Point("1", 0), Point("2", 3)], it="<3 hoy>")
    assert "<title>&lt;3 hoy&gt;</title>" in shown
    assert 'role="img"' in shown
    assert 'points="0.0,48.0 240.0,0.0"' in shown


def test_a_meter_says_its_value_to_assistive_technology() -> None:
    shown = _render("{% meter id='m' label='Cupo' value=3 maximum=4 %}")
    assert 'role="meter" aria-labelledby="m-label" aria-valuenow="3" aria-valuemin="0" aria-valuemax="4"' in shown
    assert "3 de 4" in shown


@pytest.mark.parametrize(
    "source",
    [
        "{% clabe it masked=False %}",
        "{% panel title=it id=it %}{{ it }}{% endpanel %}",
        "{% table caption=it %}<tr><td>{{ it }}</td></tr>{% endtable %}",
        "{% dialog id=it title=it confirm=it %}{{ it }}{% enddialog %}",
        "{% menu id=it label=it %}{{ it }}{% endmenu %}",
        "{% sparkline points it it it %}",
        "{% bars points it it it %}",
        "{% meter id=it label=it value=1 maximum=2 role=it %}",
        "{% icon it %}",
    ],
)
def test_a_tag_never_lets_data_become_markup(source: str) -> None:
    _assert_harmless(_render(source, it=HOSTILE, points=[Point(HOSTILE, 1, HOSTILE)]))


@pytest.mark.parametrize("name", sorted(path.name for path in (TEMPLATES / "components").glob("*.html")))
def test_a_component_never_lets_data_become_markup(name: str) -> None:
    words = "name label href kind type value icon opens title text tone help error id range former_href next_href"
    words += " undo_label action_label action_href autocomplete chosen"
    item = {"label": HOSTILE, "href": HOSTILE, "url": HOSTILE, "icon": HOSTILE, "count": HOSTILE, "text": HOSTILE}
    lists: dict[str, Any] = {
        "steps": [item],
        "tabs": [item],
        "parts": [item],
        "items": [(HOSTILE, HOSTILE)],
        "options": [(HOSTILE, HOSTILE)],
        "entries": [item | {"who": HOSTILE, "at": NOW}],
        "now": NOW,
    }
    _assert_harmless(render_to_string(f"components/{name}", dict.fromkeys(words.split(), HOSTILE) | lists))


def _assert_harmless(shown: str) -> None:
    assert "<script" not in shown
    assert "<img" not in shown
    assert ("7|add:1" in shown) == ("&lt;script" in shown), "a template in the data was carried out"
    assert "\"'>" not in shown


def test_an_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    sources = [*TEMPLATES.rglob("*.html"), *(Path(settings.BASE_DIR) / "clausum/web").glob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    named = set(re.findall(r"""{% icon "([a-z0-9-]+)|\bicon="([a-z0-9-]+)|Part\(_\("[^"]+"\), "([a-z0-9-]+)""", text))
    names = {name for groups in named for name in groups if name} | {shown.icon for shown in DECISIONS.values()}
    assert len(names) > 20
    assert names - drawn == set()


def test_a_waterfall_says_in_words_what_it_draws() -> None:
    lines = (Threshold("review", 30), Threshold("challenge", 50), Threshold("decline", 80))
    steps = (Step("high_velocity", 35, HOSTILE), Step("custom_rule:1", -5, "Known", href="#rule"))
    shown = _render("{% waterfall shown 'Puntaje' %}", shown=Waterfall(steps, lines, 30, "review"))
    assert "<script>" not in shown
    assert "<img" not in shown
    assert re.findall(r'waterfall__value">([^<]*)<', shown) == ["0", "+35", "\N{MINUS SIGN}5", "30"]
    assert '<a href="#rule">custom_rule:1</a>' in shown
    assert re.findall(r"desde (\d+)", shown) == ["30", "50", "80"]
    assert re.findall(r'<td class="table__number">([^<]*)</td>', shown)[1:8] == [
        *("0", "+35", "35", "\N{MINUS SIGN}5", "30", "", "30"),
    ]


def test_a_waterfall_says_why_the_score_is_not_the_sum() -> None:
    lines = (Threshold("decline", 80),)
    for change, score, words in ((160, 100, "no pasa de 100"), (-9, 0, "no baja de 0"), (85, 100, "bloqueo directo")):
        shown = _render("{% waterfall shown 't' %}", shown=Waterfall((Step("s", change),), lines, score, "decline"))
        assert words in shown
