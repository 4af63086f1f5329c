"""The suites in `include/expectations/`: one YAML file a feed, in Great Expectations' own words."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.described import read_yaml
from include.errors import RegistryError

FOLDER = Path(__file__).resolve().parent.parent / "expectations"


@dataclass(frozen=True)
class Rule:
    """An expectation with the registry's words about it; `settings` is what Great Expectations is given."""

    rule_id: str
    severity: str
    level: str
    settings: dict[str, Any]


@cache
def read_suite(name: str) -> tuple[Rule, ...]:
    """The rules of a feed, or of every file (`file`); raises RegistryError REG-401 when the suite is wrong."""
    try:
        suite = read_yaml(FOLDER / f"{name}.yml")
        return tuple(_rule(settings) for settings in suite["expectations"])
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RegistryError("REG-401", f"The suite {name}.yml cannot be read.") from error


def _rule(settings: dict[str, Any]) -> Rule:
    meta = settings["meta"]
    return Rule(meta["rule_id"], settings["severity"], meta.get("level", "row"), settings)
