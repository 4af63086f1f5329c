"""The nights that a bench is asked for."""

import pytest

from include.running.bench.nights import compared


@pytest.mark.parametrize("at", [[2], [30, 32], [365, 30]])
def test_nights_that_cannot_be_measured_are_refused(at: list[int]) -> None:
    with pytest.raises(SystemExit, match="BENCH_NIGHTS has to rise by at least 3"):
        compared(at)


def test_a_late_night_alone_is_compared_with_an_early_one() -> None:
    assert [compared([300]), compared([30, 365]), compared([3])] == [[10, 300], [30, 365], [3]]
