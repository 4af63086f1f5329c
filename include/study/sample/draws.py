"""Repeatable chance: every draw comes from a named stream of one seed, so that no draw shifts another."""

import random
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TypeVar

from include.study.sample.shapes import SHAPES

T = TypeVar("T")

SEED = 20100309


def stream(*names: object) -> random.Random:
    """A random stream of its own for a thing, for example ("labs", "SYN-007")."""
    return random.Random("/".join(map(str, (SEED, *names))))  # noqa: S311 - chance, no secret


def normal(rng: random.Random) -> float:
    """A standard normal draw from sums alone: the same digits on every machine."""
    return sum(rng.random() for _ in range(12)) - 6


def deal(counts: Mapping[T, int], *names: object) -> list[T]:
    """Every value as often as its count says, shuffled by the named stream."""
    deck = [value for value, count in counts.items() for _ in range(count)]
    stream("deal", *names).shuffle(deck)
    return deck


@cache
def shaped(name: str) -> tuple[float, ...]:
    """The ordered values of a shape: lines between its anchors (rank, value), rounded to its digits."""
    digits, anchors = SHAPES[name]
    values: list[float] = []
    for (rank, value), (next_rank, next_value) in pairwise(anchors):
        step = (next_value - value) / (next_rank - rank)
        values += [value + step * k for k in range(next_rank - rank)]
    return tuple(round(value, digits) for value in (*values, anchors[-1][1]))


def shuffled(values: Sequence[T], *names: object) -> list[T]:
    """The values in an order drawn from the named stream."""
    deck = list(values)
    stream("shuffle", *names).shuffle(deck)
    return deck
