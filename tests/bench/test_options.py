"""The command line."""

from pathlib import Path

import pytest

from bench.dataset.sizes import Size
from bench.options import parse


def test_without_options_a_run_is_of_five_million_payments_and_a_million_entries() -> None:
    options = parse([])
    assert (options.large, options.small) == (Size(5_000_000, 1_000_000), Size(10_000, 1_000))
    assert (options.folder, options.output, options.profile) == (Path(".bench"), None, False)


def test_what_is_young_has_few_payments_and_all_the_entries() -> None:
    assert parse(["--payments", "1_000_000", "--entries", "50,000"]).young == Size(10_000, 50_000)


def test_what_is_compared_with_is_never_larger() -> None:
    assert parse(["--payments", "300", "--entries", "200"]).small == Size(300, 200)


def test_seconds_are_split_into_rounds() -> None:
    assert parse(["--seconds", "30", "--rounds", "5"]).round_seconds == 6


@pytest.mark.parametrize("given", ["0", "-5", "many"])
def test_a_size_that_is_none_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--payments", given])
    assert "--payments" in capsys.readouterr().err
