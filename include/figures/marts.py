"""What the figures are drawn from."""

from include.marts.reading import MartReader


class Marts(MartReader):
    """The SELECTs of `include/sql/figures`."""

    folder = "figures"
