"""Reads YAML and CSV files, and holds them against a schema; what is wrong becomes problems in plain words."""

import csv
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from include.basics.numbers import is_number
from include.basics.trimming import trimmed
from include.definitions.checking.problem import Problem, name_of
from include.definitions.described import read_yaml

Model = TypeVar("Model", bound=BaseModel)
WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_pattern_mismatch": "has to be three words in small letters: feed.column.problem",
    "string_type": "has to be a text; put it in quotes",
    "dict_type": "has to have keys of its own",
    "list_type": "has to be a list",
    "bool_type": "has to be true or false",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "greater_than_equal": "is negative",
    "model_type": "has to have keys of its own",
}


def parse(file: Path, read: Callable[[Path], Any] = read_yaml) -> tuple[Any, list[Problem]]:
    """The content of a YAML file, None when it cannot be parsed, and why."""
    try:
        return read(file), []
    except OSError:
        return None, [Problem(name_of(file), "", "", "is not there")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        return None, [Problem(name_of(file), f"line {line}", "", f"cannot be parsed: {error.problem}")]
    except (yaml.YAMLError, UnicodeDecodeError):
        return None, [Problem(name_of(file), "", "", "cannot be parsed as YAML in UTF-8")]


def fit(model: type[Model], content: Any, file: Path, entry: str = "") -> tuple[Model | None, list[Problem]]:
    """The content as a schema has it, None when it does not fit, and why."""
    try:
        return model.model_validate(content), []
    except ValidationError as error:
        return None, [_problem(found, file, entry) for found in error.errors(include_url=False)]


def files_of(folder: Path, table: str) -> list[Path]:
    """The CSV files of a reference table: those in the folder of its name, else the one of its name."""
    return sorted((folder / table).glob("*.csv")) or [folder / f"{table}.csv"]


def read_rows(file: Path) -> tuple[list[str], dict[int, dict[str, str | None]], list[Problem]]:
    """Header of a CSV file and its rows by their line in it, empty cells as None.

    No rows, and rows of too many or too few cells, are problems.
    """
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            header = next(reader, [])
            cells = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        return [], {}, [Problem(name_of(file), "", "", "is not there or cannot be read as CSV in UTF-8")]
    if not cells:
        return header, {}, [Problem(name_of(file), "", "", "has no rows")]
    wrong = [
        Problem(name_of(file), f"line {line}", "", f"has {len(row)} cells; the header has {len(header)}")
        for line, row in cells
        if len(row) != len(header)
    ]
    rows = {line: dict(zip(header, (cell or None for cell in row), strict=False)) for line, row in cells}
    return header, rows, wrong


def read_list(file: Path) -> tuple[list[str], dict[int, dict[str, str | None]], list[Problem]]:
    """The same of a list of a site, which people keep by hand: its cells are compared as those of files are."""
    header, rows, problems = read_rows(file)
    said = {
        line: {trimmed(name): (cell and trimmed(cell)) or None for name, cell in row.items()}
        for line, row in rows.items()
    }
    return [trimmed(name) for name in header], said, problems


def number_of(text: str) -> float:
    """The number that a text is; raises ValueError."""
    number = float(text) if is_number(text) else math.inf
    if not math.isfinite(number):
        raise ValueError("is not a number")
    return number


def day_of(text: str) -> date:
    """The day that a text is, written YYYY-MM-DD; raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("is not a date YYYY-MM-DD")
    return date.fromisoformat(text)


def _problem(found: Mapping[str, Any], file: Path, entry: str) -> Problem:
    key = ".".join(str(part) for part in found["loc"])
    if found["type"] == "literal_error":
        allowed = found["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        return Problem(name_of(file), entry, key, f"{found['input']!r} is none of {allowed}")
    if found["type"] == "string_type" and isinstance(found["input"], dict | list):
        return Problem(name_of(file), entry, key, "has to be one text, without keys or items of its own")
    said = WORDS.get(found["type"], found["msg"].removeprefix("Value error, "))
    return Problem(name_of(file), entry, key, said)
