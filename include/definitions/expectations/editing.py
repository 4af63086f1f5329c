"""The suites through Great Expectations' own API: a suite is opened, changed by its methods, and saved into its file.

    from include.definitions.expectations.editing import open_suite, save_suite

    suite = open_suite("visits")
    suite.add_expectation(gx.expectations.ExpectColumnValuesToBeBetween(
        column="ecog", max_value=3, severity="warning", description="…", meta={"rule_id": "visits.ecog.unusual", …}))
    save_suite(suite)

What was not changed stays in the file as it was written, comments and anchors included; a list in brackets has to be on
one line for that. A rule that the contract asks for is changed there.
`./registry check` says what a new expectation's `meta` lacks besides its `rule_id`.
"""

from pathlib import Path
from typing import Any

import great_expectations as gx
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from include.basics.errors import RegistryError
from include.definitions import expectations
from include.definitions.expectations import SUITES, of_contract, read_retired, read_suite, refuse_taken
from include.pipeline.validation.engine import suite_of

KEYS = ("type", "kwargs", "severity", "description", "meta")
"""An entry's keys in the order in which a file has them."""
LONGEST_LINE = 4096
"""No line is broken that was written as one."""


def open_suite(name: str, folder: Path | None = None) -> gx.ExpectationSuite:
    """A suite with all words of its rules; Great Expectations' methods that change it need the context opened here."""
    gx.get_context(mode="ephemeral")
    suite = suite_of(list(read_suite(name, folder)))
    suite.name = name
    return suite


def save_suite(suite: gx.ExpectationSuite, folder: Path | None = None) -> None:
    """Write a suite into its file: its entries as they are now, new ones at the end, those that are gone left out.

    Raises RegistryError REG-401, and leaves the file alone, when an expectation has no id, another's, or a retired one,
    or there is no file, since the feed's contract has all its rules.
    """
    folder = folder or expectations.FOLDER
    file = folder / f"{suite.name}.yml"
    wanted = _by_id(suite, folder)
    yaml = _yaml()
    if not file.exists():
        raise RegistryError("REG-401", f"Write {file.name} first, with what `rules` of the contract says as `meta`.")
    document = yaml.load(file.read_text(encoding="utf-8"))
    entries, common = document["expectations"], dict(document["meta"])
    _leave_out(wanted, suite.name, common, folder)
    for entry in list(entries):
        changed = wanted.pop(entry["meta"]["rule_id"], None)
        if changed is None:
            entries.remove(entry)
        else:
            _update(entry, changed, common)
    entries.extend(_written({**entry, "meta": _own(entry["meta"], common)}) for entry in wanted.values())
    fresh = file.with_name(file.name + ".new")
    with fresh.open("w", encoding="utf-8") as out:
        yaml.dump(document, out)
    fresh.replace(file)
    expectations.forget_files()


def _leave_out(wanted: dict[str, dict[str, Any]], name: str, common: dict[str, Any], folder: Path) -> None:
    """Take away what the contract asks for, which no suite's file holds; it has to be as the contract has it."""
    for entry in of_contract(name, folder):
        rule_id = entry["meta"]["rule_id"]
        if not _is_same(wanted.pop(rule_id, None), entry | {"meta": common | entry["meta"]}):
            raise RegistryError("REG-401", f"The contract {name}.yml asks for {rule_id}: change it there.")


def _by_id(suite: gx.ExpectationSuite, folder: Path) -> dict[str, dict[str, Any]]:
    entries = [_entry(expectation) for expectation in suite.expectations]
    ids = [entry.get("meta", {}).get("rule_id") for entry in entries]
    if not all(ids):
        raise RegistryError("REG-401", f"The suite {suite.name}.yml has an expectation without rule_id in its meta.")
    others = [rule.rule_id for name in SUITES if name != suite.name for rule in read_suite(name, folder)]
    refuse_taken("The suites", [*ids, *others], frozenset(entry["rule_id"] for entry in read_retired(folder)))
    return dict(zip(ids, entries, strict=True))


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = LONGEST_LINE
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _entry(expectation: Any) -> dict[str, Any]:
    configuration = expectation.configuration.to_json_dict()
    return {key: configuration[key] for key in KEYS if configuration.get(key) is not None}


def _own(meta: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """What a rule says beyond its suite."""
    return {key: value for key, value in meta.items() if common.get(key) != value}


def _update(entry: Any, changed: dict[str, Any], common: dict[str, Any]) -> None:
    """Bring an entry of a file up to date, touching only what differs."""
    for key, value in changed.items():
        if key == "meta":
            value = {k: v for k, v in value.items() if k in entry["meta"] or common.get(k) != v}
        if not _is_same(entry.get(key), value):
            entry[key] = _written(value)
    for key in entry.keys() - changed.keys():
        del entry[key]


def _is_same(written: Any, value: Any) -> bool:
    """Whether two values are the same but for the line end of a query, which Great Expectations cuts off."""
    if isinstance(written, dict) and isinstance(value, dict):
        return written.keys() == value.keys() and all(_is_same(written[key], value[key]) for key in written)
    if isinstance(written, str) and isinstance(value, str):
        return written.rstrip() == value.rstrip()
    return bool(written == value)


def _written(value: Any) -> Any:
    """A value as a person would write it: texts of several lines as blocks."""
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value.rstrip() + "\n")
    return value
