"""`python -m bench`: makes the data sets, measures, prints one report. docs/performance.md tells how to read it."""

import sys
import time
from collections.abc import Sequence

import msgspec

from bench.errors import BenchError
from bench.ground import open_ground
from bench.options import Options, parse
from bench.report import write_report
from bench.results import Results
from bench.running import run
from bench.verdicts import judge
from clausum.runner.errors import RunnerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 0, or 1 when it could not be run. A promise that is not met is not an error."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        _run(options)
    except (BenchError, RunnerError) as error:
        _say(f"The benchmark stopped: {error}")
        return 1
    return 0


def _run(options: Options) -> None:
    with open_ground(options.folder, reset=options.reset, say=_say) as ground:
        if options.only_fill:
            for size in (options.large, options.young, options.small):
                ground.settle(size)
            return
        results = run(ground, options)
    sys.stdout.write(write_report(results))
    if options.output:
        options.output.write_bytes(_encode(results))


def _encode(results: Results) -> bytes:
    return msgspec.json.format(msgspec.json.encode({"results": results, "verdicts": judge(results)})) + b"\n"


_BEGAN = time.monotonic()


def _say(text: str) -> None:
    """Tell, with the seconds since the start, what is being done."""
    sys.stderr.write(f"{time.monotonic() - _BEGAN:7.1f} s  {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
