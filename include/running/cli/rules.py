"""Prints the rules, and what is wrong with the files that hold them."""

import json
import sys

import click
import pandas as pd

from include.definitions.checking import check
from include.definitions.expectations.described import described_rules
from include.people.reporting import print_frame
from include.people.reporting.rules import rules_page

COLUMNS = ("rule_id", "severity", "description", "remedy", "level", "category", "context", "owner", "since_version")
RETIRED = ("retired_version", "replaced_by")


def print_rules(feed: str | None, form: str) -> None:
    """The rules of a feed, or all, as a table, CSV, JSON, or the whole page in Markdown."""
    rules = described_rules()
    if form == "markdown":
        print(rules_page(rules), end="")
        return
    chosen = [rule for rule in rules if feed in (None, rule["feed"])]
    if form == "json":
        print(json.dumps(chosen, indent=2))
    else:
        columns = [*COLUMNS[:4]] if form == "table" else [*COLUMNS, *RETIRED]
        print_frame(pd.DataFrame(chosen, columns=columns, dtype=object), form == "csv")


def print_findings(as_json: bool) -> None:
    """Every problem on a line of its own and exit code 1, or one line of counts."""
    found = check()
    if as_json:
        print(
            json.dumps(
                {"problems": [problem.as_row() for problem in found.problems], "checked": found.counts}, indent=2
            )
        )
    elif found.problems:
        for problem in found.problems:
            print(problem)
        click.echo(f"{len(found.problems)} problems.", err=True)
    else:
        print("Nothing is wrong: " + ", ".join(f"{count} {name}" for name, count in found.counts.items()) + ".")
    sys.exit(1 if found.problems else 0)
