"""What is a number in a file. Python and DuckDB read more: `1_5`, `１５`, `nan`, `inf`."""

import re

NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def is_number(text: str) -> bool:
    """Whether a text is a decimal number, with a point and without marks between its digits."""
    return NUMBER.fullmatch(text) is not None
