import pytest

from assess.signals.name_similarity import compare_names
from assess.signals.payout_name_mismatch import NameMismatchParameters
from transactions.names import fold_name

SAME = [
    ("Juan Carlos Pérez López", "PEREZ LOPEZ JUAN CARLOS"),
    ("Juan C. Pérez L.", "Juan Carlos Pérez López"),
    ("Juan Pérez", "Juan Carlos Pérez López"),
    ("J. Pérez", "Juan Pérez López"),
    ("Ma. Guadalupe Hdez. Ruiz", "María Guadalupe Hernández Ruiz"),
    ("Fco. Javier Glez.", "Francisco Javier González Soto"),
    ("Jose Luis Rdz", "José Luis Rodríguez Marín"),
    ("Gpe Sanchez Ortega", "Guadalupe Sánchez"),
    ("Yesenia Castañeda", "Jessenia Castaneda"),
    ("Roberto Gómez Bolaños", "ROBERTO GOMES BOLANOS"),
    ("Lic. Jorge Ramos", "Jorge Ramos Ávila"),
    ("Sra. Elena Ríos de Vega", "Elena Ríos"),
    ("Proveedor Norte SA", "Proveedor Norte, S.A. de C.V."),
    ("Comerc. Núñez", "Comercializadora Núñez SA de CV"),
    ("Grupo Bimbo SAB de CV", "BIMBO SA"),
    ("Serv. Integrales del Bajío", "Servicios Integrales del Bajío SA de CV"),
    ("Constructora e Inmobiliaria del Valle de México", "CONSTRUCTORA E INMOBILIARIA DEL VALLE DE"),
    ("Comisión Federal de Electricidad", "CFE"),
    ("Servicio de Administración Tributaria", "S.A.T."),
]
DIFFERENT = [
    ("Juan Pérez López", "María Fernanda Ruiz Castro"),
    ("Juan Pérez", "Juan Ramírez"),
    ("Juan Carlos Pérez López", "Juan Carlos Mendoza Ruiz"),
    ("María García", "Mario Garza"),
    ("Carlos Ruiz", "Carla Ríos"),
    ("José Pérez", "Josefina Paredes"),
    ("Pedro Sánchez Gil", "Juan Pérez Gil"),
    ("Ana Torres", "Adriana Tovar"),
    ("Proveedor Norte SA", "Distribuidora Sur SA de CV"),
    ("Proveedor Norte SA", "Ferretera Sur SA de CV"),
    ("Comercializadora Azteca SA de CV", "Constructora Maya SA de CV"),
    ("Comercializadora Azteca SA de CV", "Comercializadora Maya SA de CV"),
    ("Transportes Águila", "Transportes León"),
    ("Grupo Industrial del Norte", "Grupo Comercial del Sur"),
    ("Ana Torres", "Constructora del Pacífico"),
]


def compare(one: str, other: str) -> int:
    """Return the similarity, which is the same both ways round."""
    first, second = fold_name(one), fold_name(other)
    similarity = compare_names(name=first, other=second)
    assert compare_names(name=second, other=first) == similarity
    return similarity


@pytest.mark.parametrize(("one", "other"), SAME)
def test_writings_of_one_name_are_alike(one: str, other: str) -> None:
    assert compare(one, other) >= 90


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_two_parties_are_not(one: str, other: str) -> None:
    assert compare(one, other) < NameMismatchParameters().similarity_percent


def test_is_the_share_of_letters_of_the_name_that_is_best_in_the_other() -> None:
    assert compare("Juan Pérez", "Juan Ramírez Soto") == 44


def test_a_word_serves_once() -> None:
    assert compare("Gómez Gómez", "Gómez Ibarra") == 50


def test_names_of_empty_words_alone_are_compared_by_them() -> None:
    assert compare("Grupo Nacional", "Grupo Nacional") == 100
    assert compare("Grupo Nacional", "Corporativo") == 0


def test_an_empty_name_is_like_none() -> None:
    assert compare("", "Juan") == 0
