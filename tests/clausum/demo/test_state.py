from pathlib import Path

from clausum.demo.state import DemoKeys, DemoOrganization, DemoState, DemoUser, read_demo, write_demo

ORGANIZATION = DemoOrganization(
    id="0b0c7d1e-0000-4000-8000-000000000001",
    name="Banco Demo",
    organization_type="banco",
    keys=DemoKeys(secret="s", publishable="p", ingest="i"),
    users=(DemoUser(email="admin@banco.demo.example", password="x", role="admin"),),
)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "run" / "demo.json"

    write_demo(path, DemoState(base_url="http://127.0.0.1:8000", organizations=(ORGANIZATION,)))

    assert read_demo(path) == (ORGANIZATION,)


def test_the_file_is_its_owners_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"

    write_demo(path, DemoState(base_url="http://127.0.0.1:8000", organizations=(ORGANIZATION,)))

    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_has_the_agreed_form(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"

    write_demo(path, DemoState(base_url="http://127.0.0.1:8000", organizations=(ORGANIZATION,)))

    assert path.read_text() == EXPECTED


def test_a_missing_or_foreign_file_tells_of_nobody(tmp_path: Path) -> None:
    foreign = tmp_path / "other.json"
    foreign.write_text('{"organizations": "none"}')

    assert read_demo(tmp_path / "missing.json") == ()
    assert read_demo(foreign) == ()


EXPECTED = """\
{
  "base_url": "http://127.0.0.1:8000",
  "organizations": [
    {
      "id": "0b0c7d1e-0000-4000-8000-000000000001",
      "name": "Banco Demo",
      "organization_type": "banco",
      "keys": {
        "secret": "s",
        "publishable": "p",
        "ingest": "i"
      },
      "users": [
        {
          "email": "admin@banco.demo.example",
          "password": "x",
          "role": "admin"
        }
      ]
    }
  ]
}
"""
