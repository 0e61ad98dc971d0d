import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.types import OrganizationType
from clausum.datasets.generate_sample import SAMPLE
from clausum.datasets.rows import Row
from tests.clausum.datasets.rows import make_payin, make_row
from tests.clausum.datasets.stub import Asked, Reply, StubApi, decide, refuse, serve
from tests.factories.accounts import make_api_key, make_organization
from transactions.models import Transaction


@pytest.fixture(autouse=True)
def _no_key_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAUSUM_KEY", raising=False)


@pytest.fixture
def api() -> Iterator[StubApi]:
    with serve(lambda _asked: decide("approve")) as stub:
        yield stub


def write_rows(path: Path, *rows: Row) -> Path:
    path.write_text("\n".join([",".join(Row._fields), *(",".join(row) for row in rows)]) + "\n")
    return path


def run(path: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("replay_dataset", str(path), *arguments, stdout=out)
    return out.getvalue()


def run_with_key(path: Path, api: StubApi, *arguments: str, mapping: str = "paysim") -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAUSUM_KEY", "key-of-test")
        return run(path, "--mapping", mapping, "--base-url", api.url, *arguments)


class TestAgainstAStub:
    def test_it_sends_every_row_and_prints_the_table(self, api: StubApi, tmp_path: Path) -> None:
        path = write_rows(tmp_path / "a.csv", make_row(), make_row(event_id="set-2", label="1"))
        api.answer = lambda asked: (
            decide("review", "high_velocity") if asked.body["amount"] == 1500 else decide("approve")
        )

        said = run_with_key(path, api)

        assert len(api.asked) == 2
        assert {asked.headers["Authorization"] for asked in api.asked} == {"Bearer key-of-test"}
        assert "Decided    2\n" in said
        assert ">= review        50.00%  100.00%          100.00%              1             1\n" in said
        assert "high_velocity        1     1           0     50.00%" in said

    def test_a_limit_ends_it(self, api: StubApi, tmp_path: Path) -> None:
        path = write_rows(tmp_path / "a.csv", *(make_row(event_id=f"set-{number}") for number in range(9)))

        run_with_key(path, api, "--limit", "4", "--concurrency", "1")

        assert len(api.asked) == 4

    def test_the_figures_are_written_as_json(self, api: StubApi, tmp_path: Path) -> None:
        path, output = write_rows(tmp_path / "a.csv", make_row(label="1")), tmp_path / "figures.json"

        run_with_key(path, api, "--output", str(output))

        figures = json.loads(output.read_bytes())
        assert (figures["payments"], figures["decided"], figures["failures"]) == (1, 1, {})
        assert figures["decisions"]["fraud"] == {"approve": 1, "review": 0, "challenge": 0, "decline": 0}
        assert figures["amounts"] == [
            {"currency": "MXN", "fraud": 1500, "stopped": {"review": 0, "challenge": 0, "decline": 0}}
        ]

    def test_a_refused_currency_is_counted_and_no_failure(self, api: StubApi, tmp_path: Path) -> None:
        path = write_rows(tmp_path / "a.csv", make_payin(), make_payin(event_id="set-2", currency="CUC"))

        def answer(asked: Asked) -> Reply:
            is_withdrawn = asked.body["currency"] == "CUC"
            return refuse(400, "VALIDATION_ERROR", fields={"currency": ["x"]}) if is_withdrawn else decide("approve")

        api.answer = answer

        said = run_with_key(path, api, mapping="evalml")

        assert "Refused    1 x 400 VALIDATION_ERROR (currency)\n" in said
        assert "Decided    1\n" in said

    def test_a_payment_without_an_answer_makes_the_status_one(self, api: StubApi, tmp_path: Path) -> None:
        api.answer = lambda _asked: refuse(500, "INTERNAL_ERROR")

        with pytest.raises(CommandError, match="some payments have no answer") as failure:
            run_with_key(write_rows(tmp_path / "a.csv", make_row()), api)

        assert failure.value.returncode == 1

    def test_a_wrong_key_gives_up(self, api: StubApi, tmp_path: Path) -> None:
        api.answer = lambda _asked: refuse(401, "UNAUTHORIZED")

        with pytest.raises(CommandError, match="gave up at '401 UNAUTHORIZED'"):
            run_with_key(write_rows(tmp_path / "a.csv", make_row()), api)

    def test_a_faulty_file_is_judged_as_far_as_it_goes(self, api: StubApi, tmp_path: Path) -> None:
        path = write_rows(tmp_path / "a.csv", make_row(), make_payin())

        with pytest.raises(
            CommandError, match="the file cannot be read on: the mapping paysim has no rows of the kind"
        ):
            run_with_key(path, api)

    def test_an_interrupt_prints_the_table_so_far(
        self, api: StubApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(**_given: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("clausum.management.commands.replay_dataset.make_call", interrupt)
        out = io.StringIO()
        with pytest.raises(CommandError, match="interrupted") as failure:
            call_command(
                "replay_dataset",
                str(write_rows(tmp_path / "a.csv", make_row())),
                "--mapping=paysim",
                f"--base-url={api.url}",
                f"--key-file={write_key(tmp_path)}",
                stdout=out,
            )

        assert failure.value.returncode == 130
        assert out.getvalue().startswith("Payments   0 in ")

    def test_a_key_file_serves_where_no_variable_does(self, api: StubApi, tmp_path: Path) -> None:
        path = write_rows(tmp_path / "a.csv", make_row())

        run(path, "--mapping", "paysim", "--base-url", api.url, "--key-file", str(write_key(tmp_path)))

        assert api.asked[0].headers["Authorization"] == "Bearer key-in-file"


def write_key(folder: Path) -> Path:
    path = folder / "key"
    path.write_text("key-in-file\n")
    return path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mapping", "other"], "invalid choice"),
        (["--mapping", "paysim", "--speed", "0"], "payments a second above 0"),
        (["--mapping", "paysim", "--speed", "inf"], "payments a second above 0"),
        (["--mapping", "paysim", "--speed", "fast"], "payments a second above 0"),
        (["--mapping", "paysim", "--limit", "0"], "must be a whole number above 0"),
        (["--mapping", "paysim", "--concurrency", "65"], "may be at most 64"),
        (["--mapping", "paysim", "--base-url", "host:8000", "--key-file", "KEY"], "a base URL is written"),
        (["--mapping", "paysim", "--key-file", "/nowhere/key"], "cannot be read or holds no key"),
        (["--mapping", "paysim", "--feedback-days", "0"], "must be a whole number above 0"),
        (
            ["--mapping", "paysim", "--base-url", "http://h", "--key-file", "KEY", "--feedback-days", "3651"],
            "at most 3650",
        ),
        (
            ["--mapping", "paysim", "--base-url", "http://h", "--key-file", "KEY", "--decide-reviews-hours", "87601"],
            "at most 3650",
        ),
        (["--mapping", "paysim", "--base-url", "http://127.0.0.1:1", "--key-file", "KEY"], "cannot read"),
    ],
)
def test_a_wrong_command_line_is_refused_with_its_reason(arguments: list[str], message: str, tmp_path: Path) -> None:
    given = [str(write_key(tmp_path)) if item == "KEY" else item for item in arguments]

    with pytest.raises(CommandError, match=message):
        run(tmp_path / "missing.csv", *given)


class TestThroughTheRealApi:
    """The last sixty payments of the sample, with three kinds of fraud among them, through HTTP and into the database."""

    @pytest.fixture
    def last_sixty(self, tmp_path: Path) -> Path:
        header, *lines = SAMPLE.read_text().splitlines()
        path = tmp_path / "last.csv"
        path.write_text("\n".join([header, *lines[-60:]]) + "\n")
        return path

    @pytest.fixture
    def demo(self, tmp_path: Path, settings: Any, live_server: Any) -> dict[str, Any]:
        """Write the demo's file where the command looks for it."""
        organizations = {kind: make_organization(organization_type=kind) for kind in OrganizationType}
        told = [
            {"organization_type": kind.value, "keys": {"secret": make_api_key(organization=made)[1]}}
            for kind, made in organizations.items()
        ]
        settings.BASE_DIR = tmp_path
        (tmp_path / ".run").mkdir()
        (tmp_path / ".run" / "demo.json").write_text(json.dumps({"base_url": live_server.url, "organizations": told}))
        return {kind: made.id for kind, made in organizations.items()}

    @pytest.mark.django_db(transaction=True)
    def test_each_flow_reaches_its_own_organization_and_is_judged_at_its_own_time(
        self, last_sixty: Path, demo: dict[str, Any], tmp_path: Path
    ) -> None:
        output = tmp_path / "figures.json"

        run(last_sixty, "--mapping", "clausum", "--concurrency", "1", "--output", str(output))

        figures = json.loads(output.read_bytes())
        assert (figures["payments"], figures["decided"]) == (60, 60)
        assert (figures["refused"], figures["failures"], figures["replays"]) == ({}, {}, 0)
        assert {truth: list(counts.values()) for truth, counts in figures["decisions"].items()} == {
            "fraud": [12, 0, 9, 0],
            "good": [39, 0, 0, 0],
            "unknown": [0, 0, 0, 0],
        }
        assert [(worth["code"], worth["fraud"], worth["good"]) for worth in figures["signals"]] == [
            ("bot_pattern", 14, 0),
            ("high_velocity", 9, 0),
            ("payout_structuring", 3, 0),
            ("payout_first_beneficiary", 2, 28),
        ]
        assert [(at["precision"], at["recall"]) for at in figures["thresholds"]] == [
            (1.0, 0.428571),
            (1.0, 0.428571),
            (None, 0.0),
        ]
        rows = Transaction.unscoped
        assert rows.filter(organization_id=demo[OrganizationType.BANK], flow="payout").count() == 37
        assert rows.filter(organization_id=demo[OrganizationType.MERCHANT], flow="payin").count() == 23
        assert rows.count() == 60
        assert rows.latest("occurred_at").occurred_at == datetime(2025, 10, 11, 2, 3, 38, tzinfo=UTC)

    @pytest.mark.django_db(transaction=True)
    def test_a_second_run_gets_the_first_answers_and_counts_nothing_twice(
        self, last_sixty: Path, demo: dict[str, Any], tmp_path: Path
    ) -> None:
        output = tmp_path / "figures.json"
        run(last_sixty, "--mapping", "clausum", "--concurrency", "1", "--limit", "20", "--output", str(output))
        first = json.loads(output.read_bytes())

        said = run(last_sixty, "--mapping", "clausum", "--limit", "20", "--output", str(output))

        second = json.loads(output.read_bytes())
        assert "Replayed   20 of them are answers of an earlier run\n" in said
        assert (second["decisions"], second["signals"]) == (first["decisions"], first["signals"])
        assert Transaction.unscoped.count() == 20

    @pytest.mark.django_db(transaction=True)
    def test_what_becomes_known_meanwhile_shapes_the_decisions_that_follow(
        self, demo: dict[str, Any], tmp_path: Path
    ) -> None:
        """One card commits a fraud, and pays on each of the next ten days; from the eighth day on it is known for it."""
        days = [make_payin(event_id=f"set-{day}", occurred_at=f"2025-01-{day + 1:02}T12:00:00Z") for day in range(11)]
        path, output = write_rows(tmp_path / "a.csv", days[0]._replace(label="1"), *days[1:]), tmp_path / "figures.json"

        said = run(path, "--mapping", "synccfd", "--feedback-days", "7", "--output", str(output))

        figures = json.loads(output.read_bytes())
        assert "Meanwhile  1 frauds confirmed\n" in said
        assert figures["told"] == {"frauds confirmed": 1}
        assert [(it["code"], it["good"]) for it in figures["signals"] if it["code"] == "payer_prior_fraud"] == [
            ("payer_prior_fraud", 4)
        ]
        assert figures["decisions"]["good"] == {"approve": 6, "review": 0, "challenge": 4, "decline": 0}

    @pytest.mark.django_db(transaction=True)
    def test_payments_that_another_database_holds_end_the_run(self, api: StubApi, tmp_path: Path) -> None:
        rows = [make_row(label="1"), make_row(event_id="set-2", occurred_at="2025-02-01T00:00:00Z")]

        with pytest.raises(CommandError, match="is not the database of the API"):
            run_with_key(write_rows(tmp_path / "a.csv", *rows), api, "--feedback-days", "7")


def test_what_is_passed_over_is_written_as_history_and_nothing_is_sent(api: StubApi, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", *(make_row(event_id=f"set-{number}") for number in range(3)))
    history = tmp_path / "history.csv"

    said = run(path, "--mapping", "paysim", "--skip", "2", "--write-history", str(history))

    assert said == f"2 payments written to {history}\n"
    assert len(history.read_text().splitlines()) == 3
    assert api.asked == []


def test_what_is_passed_over_is_not_sent(api: StubApi, tmp_path: Path) -> None:
    rows = [make_row(event_id=f"set-{number}", amount_minor=str(number)) for number in range(5)]

    run_with_key(write_rows(tmp_path / "a.csv", *rows), api, "--skip", "2", "--limit", "2", "--concurrency", "1")

    assert [asked.body["amount"] for asked in api.asked] == [2, 3]


def test_history_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", make_row())

    with pytest.raises(CommandError, match="the history was not written"):
        run(path, "--mapping", "paysim", "--skip", "1", "--write-history", str(tmp_path / "no" / "file.csv"))
