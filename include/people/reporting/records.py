"""A record in quarantine in the terminal, with its values: for the person who decides about it."""

import json

import pandas as pd

from include.people.decisions.reading import Record
from include.people.reporting.frames import print_frame


def print_record(record: Record) -> None:
    """What is known, the row as it came, its cells that are set aside, its rules with their remedies, its history."""
    facts = {name: value for name, value in record.facts.items() if name != "payload" and value is not None}
    print_frame(_listed(facts), title="Record")
    print_frame(_listed(json.loads(record.facts["payload"])), title="The row as it came")
    if len(record.cells):
        print_frame(record.cells, title="Cells set aside")
    print_frame(record.rules, title="Rules")
    print_frame(record.trail, title="History")


def _listed(values: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame({"name": list(values), "value": [str(v) if v is not None else None for v in values.values()]})
