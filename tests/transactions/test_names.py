"""Names, folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transactions.names import MAXIMUM_FOLDED_LENGTH, fold_name


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Comercializadora Núñez, S.A. de C.V.", "comercializadora nunez"),
        ("COMERCIALIZADORA NUNEZ", "comercializadora nunez"),
        ("Comercializadora Nunez SA de CV", "comercializadora nunez"),
        ("Comercializadora  Núñez S. A. de C. V.", "comercializadora nunez"),
        ("Proveedor Norte SA", "proveedor norte"),
        ("Grupo X S.A.P.I. de C.V. SOFOM E.N.R.", "grupo x"),
        ("Servicios Ñ, S. de R.L. de C.V.", "servicios n"),
        ("Müller GmbH", "muller"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Straße & Söhne", "strasse sohne"),
        ("O'Neill", "oneill"),
        ("O\u2019Neill", "oneill"),
        ("J.P. Morgan", "jp morgan"),
        ("J P Morgan", "jp morgan"),
        ("García Ruiz, María José", "garcia ruiz maria jose"),
        ("Farmacia 24-7", "farmacia 24 7"),
        ("株式会社 テスト", "株式会社 テスト"),
    ],
)
def test_spelling_does_not_make_two_of_one(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@pytest.mark.parametrize(("name", "folded"), [("SC", "sc"), ("S. de R.L. de C.V.", "s de rl de cv")])
def test_a_name_that_is_a_legal_form_and_nothing_more_is_kept(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@pytest.mark.parametrize("name", ["", "   ", "...", "¿?", "\u0301"])
def test_a_name_without_letters_folds_to_nothing(name: str) -> None:
    assert fold_name(name) == ""


def test_a_legal_form_within_a_name_stays() -> None:
    assert fold_name("SA Distribuciones del Norte") == "sa distribuciones del norte"


@given(st.text())
def test_folding_twice_is_folding_once_at_most_shorter_and_never_fails(name: str) -> None:
    folded = fold_name(name)
    assert len(folded) <= MAXIMUM_FOLDED_LENGTH
    assert folded == folded.strip()
    assert "\x00" not in folded
