"""The messages of a file: from one MSH to the next, whether batches wrap them or not."""

from collections.abc import Iterable, Iterator

MOST = 100_000
"""Lines of a message that are held at a time."""


def messages(blocks: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each message's lines, with the number of the first; what stands before the first MSH is one of its own.

    A message of more lines than are held comes in several parts, of which only the first has an MSH.
    """
    first, held = 1, list[str]()
    for lines in blocks:
        begin = 0
        for start in [place for place, line in enumerate(lines) if line[:3] == "MSH"]:
            held += lines[begin:start]
            if held:
                yield first, held
            first, held, begin = first + len(held), [], start
        held += lines[begin:]
        if len(held) > MOST:
            yield first, held
            first, held = first + len(held), []
    if held:
        yield first, held
