"""Print one table of ratios: `make bench`.

`python -m benchmarks.run [claim…] [--engine NAME]` measures some of them.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from benchmarks.harness import ENGINES, Row, table

# Each module has `rows(engine)`; a claim that holds on one engine only answers [] for the other.
CLAIMS = (
    "start",
    "public_page",
    "calendar_feed",
    "registrations",
    "rush",
    "mail",
    "planning",
    "fanout",
    "publishing",
    "conflicts",
    "editor_page",
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the claims and print a table of ratios.")
    parser.add_argument("claims", nargs="*", default=CLAIMS, help="default: all")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="default: both")
    options = parser.parse_args()
    found: list[Row] = []
    for engine in options.engine or ENGINES:
        for claim in options.claims:
            print(f"{claim} on {engine} …", file=sys.stderr, flush=True)
            module = importlib.import_module(f"benchmarks.{claim}")
            found += [
                Row(f"{row.claim}, {engine}", *list(vars(row).values())[1:])
                for row in module.rows(engine)
            ]
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
