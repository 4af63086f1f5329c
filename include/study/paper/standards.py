"""The study's methods beside today's standards, both from the marts."""

from pathlib import Path
from typing import Any

import pandas as pd

from include.definitions.described import read_yaml
from include.study.paper.marts import Marts
from include.study.paper.rounding import half_up
from include.study.paper.targets import NOT_REACHED

FILE = Path(__file__).with_name("standards.yml")
COLUMNS = ["topic", "measure", "as the study", "today"]


def side_by_side(marts: Marts) -> pd.DataFrame:
    """Rows of topic, measure, the study's method with its value, today's with its."""
    rows: list[dict[str, str]] = []
    for entry in read_yaml(FILE):
        frame = marts.picked(entry["select"], **entry.get("pick", {}))
        for row in frame.to_dict("records"):
            if row["topic"] == entry["topic"]:
                both = (_written(row, side, entry) for side in ("study", "standard"))
                rows.append(dict(zip(COLUMNS, (row["topic"], row["measure"], *both), strict=True)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _written(row: dict[Any, Any], side: str, entry: dict[str, Any]) -> str:
    """A method and its value; the numbers of a side are its columns `<side>_1`, `<side>_2` and so on."""
    missing = entry.get("missing", NOT_REACHED)
    numbers = [value for name, value in row.items() if name.removeprefix(f"{side}_").isdigit()]
    if all(map(pd.isna, numbers)):
        return f"{row[f'{side}_method']}: {missing}"
    texts = [missing if pd.isna(value) else half_up(value, entry["decimals"]) for value in numbers]
    return f"{row[f'{side}_method']}: {entry['format'].format(*texts)}"
