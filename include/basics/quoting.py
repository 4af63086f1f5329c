"""Names and texts as DuckDB reads them."""


def name(text: str) -> str:
    """A column's name."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text."""
    return "'" + text.replace("'", "''") + "'"
