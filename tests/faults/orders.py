"""Orders of arrival: histories of rows, each sent in parts and in any order, give the tables of those sent in order."""

import shutil
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from include.definitions import contracts
from tests.pipeline.loading.test_arrival_order import REJECTED, Arrival, File, outcome, two_ways
from tests.support.extracts import Row
from tests.support.tables import assert_same
from tests.support.warehouses import Templates

TOGETHER = 25
"""Histories of a warehouse, of which none speaks of another's rows: a load takes as long for one."""
Ways = tuple[Arrival, Arrival]


def orders(seeds: list[str], folder: Path) -> Iterator[dict[str, Any]]:
    """What came of each warehouse; `wrong` names the histories whose order makes a difference."""
    templates = Templates(folder)
    for start in range(0, len(seeds), TOGETHER):
        some = [(number, drawn(seed)) for number, seed in enumerate(seeds[start : start + TOGETHER], start)]
        wrong = [seeds[number] for number, _ in differing(some, folder / "orders", templates)]
        yield {"orders": len(some), "wrong": wrong}


def drawn(of: str) -> Ways:
    """A history in two ways; the first that is drawn is always the smallest."""
    found: list[Ways] = []
    quiet = settings(max_examples=5, database=None, deadline=None, phases=[Phase.generate])

    @seed(of)
    @settings(quiet, suppress_health_check=list(HealthCheck))
    @given(two_ways())
    def keep(ways: Ways) -> None:
        found.append(ways)

    keep()
    return found[-1]


def differing(some: list[tuple[int, Ways]], folder: Path, templates: Templates) -> list[tuple[int, Ways]]:
    """The histories whose order makes a difference."""
    if are_same(some, folder, templates):
        return []
    if len(some) == 1:
        return some
    middle = len(some) // 2
    return differing(some[:middle], folder, templates) + differing(some[middle:], folder, templates)


def are_same(some: list[tuple[int, Ways]], folder: Path, templates: Templates) -> bool:
    """Whether both ways of arriving give the same tables."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    rejected = REJECTED._replace(rows=[cells for number, _ in some for cells in owned(REJECTED, number).rows])
    try:
        expected, got = (
            outcome(together([(number, ways[way]) for number, ways in some]), folder / str(way), templates, rejected)
            for way in (0, 1)
        )
        assert_same(got, expected)
    except AssertionError:
        return False
    return True


def together(arrivals: list[tuple[int, Arrival]]) -> Arrival:
    """Several histories in turn: what each sends first, then what each sends second, and so on."""
    both = Arrival([], [])
    for turn in zip_longest(*(zip(owned_all(number, one.files), one.after, strict=True) for number, one in arrivals)):
        sent = [one for one in turn if one]
        both.files.extend(file for file, _ in sent)
        both.after.extend(["nothing"] * (len(sent) - 1) + [sent[-1][1]])
    return both


def owned_all(number: int, files: list[File]) -> list[File]:
    """The files of a history."""
    return [owned(file, number) for file in files]


def owned(file: File, number: int) -> File:
    """A file whose name, keys and patients are those of one history alone."""

    def renamed(cells: Row) -> Row:
        ids = {"patient_id", contracts.read(file.feed).key}
        return {name: f"{number}-{cell}" if name in ids else cell for name, cell in cells.items()}

    return file._replace(name=f"{number}-{file.name}", rows=[renamed(cells) for cells in file.rows])
