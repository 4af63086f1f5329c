"""All mutants, the same in every run."""

import gzip
import re
import zlib
from collections.abc import Iterator
from random import Random

from include.definitions import contracts
from tests.mutations import columns, parquets, raw, texts
from tests.mutations.good import Mutant, good_extract

IN_TEXT = (*texts.MUTATIONS, *columns.MUTATIONS, *raw.MUTATIONS)
MUTATIONS = (*IN_TEXT, *parquets.MUTATIONS)


def mutants(feed: str, times: int) -> Iterator[Mutant]:
    """Every mutation of a feed's good extract, a number of times with other random choices; of Parquet files twice.

    Choices that make the same file again are left out.
    """
    extract = good_extract(feed)
    made = set()
    for mutation in MUTATIONS:
        for time in range(times if mutation in IN_TEXT else 2):
            mutant = mutation(Random(f"{feed} {mutation.__name__} {time}"), extract)  # noqa: S311
            if mutant not in made:
                made.add(mutant)
                yield mutant


def one_each(times: int = 1) -> Iterator[tuple[str, Mutant]]:
    """Every mutation a number of times, going round the feeds."""
    for number, mutation in enumerate(MUTATIONS * times):
        feed = contracts.FEEDS[number % len(contracts.FEEDS)]
        yield feed, mutation(Random(f"{mutation.__name__} {number}"), good_extract(feed))  # noqa: S311


def rows_at_least(mutant: Mutant) -> int | None:
    """How many rows a file that is read has, from its bytes alone; None when quotes may join lines.

    The good extracts have no quotes: behind a single one every line is a row of its own again.
    """
    content = mutant.content
    if mutant.ending == ".csv.gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            return None
    if mutant.ending == ".parquet" or content.count(b'"') > 1:
        return None
    return sum(1 for line in re.split(rb"\r\n|\r|\n", content)[1:] if line)
