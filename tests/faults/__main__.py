"""`python -m tests.faults`: lets every fault happen under load and prints the table of docs/performance.md."""

import tempfile
from pathlib import Path

from tests.faults.installation import Installation
from tests.faults.table import HEAD, format_row, has_redis, run_all


def main() -> None:
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="clausum-faults-") as folder, Installation(Path(folder)) as one:
        for row in run_all(one):
            print(format_row(row), flush=True)
    if not has_redis():
        print("(Redis was left out: there is no redis-server here.)")


if __name__ == "__main__":
    main()
