"""What a night costs after many others: BENCH_NIGHTS of `make bench`."""

import os
import shutil
import sys
from dataclasses import replace
from itertools import pairwise

from include.running.bench.extracts import PER_PATIENT, write_first_night, write_later_night
from include.running.bench.measuring import FOLDER, Measured, median, run

LAST = 3
"""The nights that the median is of."""
EARLY = 10
"""The night that a single late one is compared with."""


def measure_nights(patients: int, at: list[int]) -> list[Measured]:
    """The first run, and the median of the three nights that end with each of some.

    BENCH_VISITED is how many patients come a night (a tenth), BENCH_FEEDS of which feeds there are files then (all),
    BENCH_TOGETHER how many of the nights between those that are measured one run receives (1).
    """
    at = compared(at)
    visited = int(os.environ.get("BENCH_VISITED") or patients // 10)
    feeds = os.environ.get("BENCH_FEEDS", ",".join(PER_PATIENT)).split(",")
    together = int(os.environ.get("BENCH_TOGETHER") or 1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    extracts = FOLDER / "extracts"
    write_first_night(extracts, patients)
    measured, done = [run("first run", extracts)], 0

    def nights(count: int) -> Measured:
        nonlocal done
        for number in range(done, done + count):
            write_later_night(extracts, patients, number, visited, feeds)
        done += count
        return run("night", extracts)

    for last in at:
        while done < last - LAST:
            nights(min(together, last - LAST - done))
        runs = tuple(nights(1) for _ in range(last - done))
        measured.append(replace(median(runs), what=f"night {last - LAST + 1} to {last}"))
        print(measured[-1], flush=True)
    return measured


def compared(at: list[int]) -> list[int]:
    """The nights to measure: those asked for, and an early one where a single late one is."""
    if any(later - earlier < LAST for earlier, later in pairwise([0, *at])):
        sys.exit(f"BENCH_NIGHTS has to rise by at least {LAST} from each night to the next, from {LAST} on")
    return [EARLY, *at] if len(at) == 1 and at[0] >= EARLY + LAST else at
