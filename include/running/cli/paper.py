"""Prints the published study against the marts."""

from pathlib import Path

import pandas as pd

from include.basics.settings import Settings
from include.people.reporting import print_frame
from include.study.paper import compare, read_targets, side_by_side
from include.study.paper.marts import Marts
from include.study.paper.report import as_frame, closing_count, markdown
from include.study.paper.targets import FILE
from include.warehouse import open_warehouse

TITLES = ("Paper against platform", "Where the study's method is not today's standard")


def print_paper(settings: Settings, targets: Path | None, as_markdown: bool) -> None:
    """Two tables and a count: every target with its verdict, then the study's methods beside today's."""
    wanted = read_targets(targets or FILE)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        marts = Marts(warehouse)
        findings = compare(marts, wanted)
        standards = side_by_side(marts)
    _print(TITLES[0], as_frame(findings), as_markdown)
    print(f"\n{closing_count(findings)}\n")
    _print(TITLES[1], standards, as_markdown)


def _print(title: str, frame: pd.DataFrame, as_markdown: bool) -> None:
    if as_markdown:
        print(f"### {title}\n\n{markdown(frame)}")
    else:
        print_frame(frame, title=title)
