from pathlib import Path

from core.data_files import load_lines, load_rows


def test_lines_come_without_blanks_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("# heading\n\n  uno \ndós # kept\n", encoding="utf-8")
    assert load_lines(path) == ("uno", "dós # kept")


def test_rows_come_by_column(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('code,says\nMX,"a, b"\n', encoding="utf-8")
    assert load_rows(path) == ({"code": "MX", "says": "a, b"},)
