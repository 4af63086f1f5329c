"""The printed numbers of the study, as text at the precision in which they were printed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError

FILE = Path(__file__).with_name("targets.json")
NUMBERS = ("count", "pct", "mean", "sd", "median", "min", "max", "surv", "lcl", "ucl", "p", "p_lt", "medians", "values")
NOT_REACHED = "not reached"


@dataclass(frozen=True)
class Target:
    """What the paper prints in one place.

    `printed` maps the name of a number to its text. `instead` holds the one text that may come in place of a printed
    one because the paper contradicts itself; `issue` says why. `undecided`: the file calls the target inconsistent, but
    not which of its numbers.
    """

    id: str
    label: str
    section: str
    printed: dict[str, str]
    instead: dict[str, str]
    issue: str
    undecided: bool = False


def read_targets(file: Path = FILE) -> list[Target]:
    """The targets of a JSON file, in its order; raises RegistryError REG-501 when it holds none."""
    try:
        text = file.read_text("utf-8")
        entries = json.loads(text, parse_float=str, parse_int=str)["targets"]
        return [_target(entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RegistryError("REG-501", f"{file} holds no targets ({type(error).__name__}).") from None


def _target(entry: dict[str, Any]) -> Target:
    instead = entry.get("instead", {})
    undecided = bool(entry.get("inconsistent")) and not instead
    texts = (entry["id"], entry["label"], entry["section"])
    return Target(*texts, _printed(entry), instead, entry.get("issue", ""), undecided)


def _printed(entry: dict[str, Any]) -> dict[str, str]:
    """Number by number; n belongs to a count or a mean, a missing upper limit of an interval was not reached."""
    printed: dict[str, str] = {}
    for name in NUMBERS:
        if name == "pct" and entry.get("pct_printed") is False:
            continue
        printed |= _flat(name, entry.get(name))
    if "lcl" in printed and "ucl" not in printed:
        printed["ucl"] = NOT_REACHED
    if "p_lt" in printed:
        printed["p_lt"] = f"<{printed['p_lt']}"
    if entry.get("n") is not None and {"count", "mean"} & printed.keys():
        printed["n"] = entry["n"]
    return printed


def _flat(name: str, value: Any) -> dict[str, str]:
    """A number under its name; those of a list or mapping under the name with their place or key."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {name.lower(): value}
    parts = value.items() if isinstance(value, dict) else enumerate(value, start=1)
    return {key: text for part, inner in parts for key, text in _flat(f"{name}_{part}", inner).items()}
