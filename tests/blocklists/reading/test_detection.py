import pytest

from blocklists.import_types import FileKind, Layout
from blocklists.reading.detection import detect_layout, detect_separator, find_byte_order_mark, read_as
from blocklists.reading.lines import RawRow


def _detect(*lines: str, given: FileKind | None = None) -> Layout:
    rows = [RawRow(line.encode(), end=0, line=place) for place, line in enumerate(lines, start=1)]
    return detect_layout(rows, encoding="utf-8", given=given)


@pytest.mark.parametrize(
    ("line", "separator"), [("a,b,c", ","), ("a;b;c", ";"), ("a\tb", "\t"), ("a|b|c|d", "|"), ("alone", ",")]
)
def test_the_separator_is_the_one_that_cuts_all_rows_alike(line: str, separator: str) -> None:
    assert detect_separator([line] * 5) == separator


def test_commas_within_cells_do_not_mislead() -> None:
    assert detect_separator(["tipo;valor;motivo", "email;a@b.mx;uno, dos", "email;c@b.mx;tres"]) == ";"


def test_a_header_names_the_columns_in_english_or_spanish() -> None:
    layout = _detect("Tipo,Valor,Motivo,otra", "email,a@b.mx,x,y")
    assert layout == Layout(
        kind=FileKind.CSV,
        separator=",",
        has_header=True,
        columns={"list_type": 0, "value": 1, "reason": 2},
        width=4,
    )


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("email,value,type,list_type", {"list_type": 3, "value": 1}),
        ("Correo,IP,tipo", {"list_type": 2, "value": 0}),
        ('"action"," Severity ",valor', {"value": 2, "severity": 1}),
    ],
)
def test_the_very_name_of_a_field_counts_more_than_one_that_means_it(header: str, columns: dict[str, int]) -> None:
    assert _detect(header, "a,b,c,d").columns == columns


def test_a_table_without_a_header_has_its_value_first_and_rows_of_any_width() -> None:
    layout = _detect("a@b.mx,fraude", "c@b.mx,fraude")
    assert layout == Layout(kind=FileKind.CSV, has_header=False, columns={"value": 0}, width=0)


@pytest.mark.parametrize(("has_header", "columns", "width"), [(True, {"value": 1}, 2), (False, {"value": 0}, 0)])
def test_whoever_looks_at_the_file_says_whether_it_has_a_header(
    has_header: bool, columns: dict[str, int], width: int
) -> None:
    rows = [RawRow(line, end=0, line=place) for place, line in enumerate((b"", b"x;value", b"a;b"), start=1)]
    layout = read_as(rows, kind=FileKind.CSV, encoding="utf-8", separator=";", has_header=has_header)
    assert (layout.has_header, layout.columns, layout.width) == (has_header, columns, width)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("# FireHOL", "203.0.113.9", "198.51.100.0/24"), FileKind.PLAIN),
        (("; Spamhaus DROP", "1.10.16.0/20 ; SBL256894"), FileKind.PLAIN),
        (("mailinator.com",), FileKind.PLAIN),
        (('{"value": "a@b.mx"}', '{"value": "c@b.mx"}'), FileKind.NDJSON),
        (("value", "a@b.mx"), FileKind.CSV),
        ((), FileKind.PLAIN),
    ],
)
def test_the_kind_of_file_shows(lines: tuple[str, ...], kind: FileKind) -> None:
    assert _detect(*lines).kind is kind


def test_what_the_sender_says_counts_more() -> None:
    assert _detect("a,b", given=FileKind.NDJSON).kind is FileKind.NDJSON


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        (b"\xef\xbb\xbfa", ("utf-8", 3)),
        (b"\xff\xfea\x00", ("utf-16-le", 2)),
        (b"\xfe\xff", ("utf-16-be", 2)),
        (b"a", ("", 0)),
    ],
)
def test_a_byte_order_mark_tells_the_encoding(beginning: bytes, found: tuple[str, int]) -> None:
    assert find_byte_order_mark(beginning) == found
