"""The printed numbers: those of the study, complete and as printed; a file of one's own."""

import json
import re
from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.study.paper import read_targets
from include.study.paper.marts import sources

TARGETS = {target.id: target for target in read_targets()}


def test_every_target_has_a_source_and_every_source_a_target() -> None:
    assert len(TARGETS) == 186
    assert sources().keys() == TARGETS.keys()


def test_every_contradiction_says_why_and_asks_for_another_number() -> None:
    for target in TARGETS.values():
        for name, instead in target.instead.items():
            assert target.issue, target.id
            assert instead != target.printed[name], target.id
            assert re.fullmatch(r"<?\d+(\.\d+)?", instead), target.id


def test_the_numbers_are_those_of_the_reference(shared: Path) -> None:
    reference = {target.id: target for target in read_targets(shared / "paper" / "targets.json")}
    assert reference.keys() == TARGETS.keys()
    for name, target in TARGETS.items():
        assert target.printed == reference[name].printed, name
        assert bool(target.issue) >= bool(reference[name].issue), name


def write(folder: Path, **target: object) -> Path:
    file = folder / "targets.json"
    file.write_text(json.dumps({"targets": [{"id": "X", "label": "x", "section": "s", **target}]}), "utf-8")
    return file


def test_decimals_are_kept_as_printed(tmp_path: Path) -> None:
    (target,) = read_targets(write(tmp_path, mean=61.0, sd=11, n=52))
    assert target.printed == {"mean": "61.0", "sd": "11", "n": "52"}


def test_lists_and_mappings_are_numbers_with_names(tmp_path: Path) -> None:
    (target,) = read_targets(write(tmp_path, p=0.039, medians={"yes": 66, "no": 74}, values=[1, 2.5]))
    named = {"p": "0.039", "medians_yes": "66", "medians_no": "74", "values_1": "1", "values_2": "2.5"}
    assert target.printed == named


def test_an_interval_without_an_upper_limit_was_not_reached(tmp_path: Path) -> None:
    (target,) = read_targets(write(tmp_path, median=74, lcl=47, ucl=None, n=52))
    assert target.printed == {"median": "74", "lcl": "47", "ucl": "not reached"}


@pytest.mark.parametrize(
    ("entry", "undecided"),
    [({"inconsistent": True}, True), ({"inconsistent": True, "instead": {"pct": "10"}}, False), ({}, False)],
)
def test_an_inconsistent_target_is_undecided_until_its_number_is_named(
    tmp_path: Path, entry: dict[str, object], undecided: bool
) -> None:
    (target,) = read_targets(write(tmp_path, pct=8, **entry))
    assert (target.undecided, target.instead) == (undecided, entry.get("instead", {}))


@pytest.mark.parametrize("text", ["not JSON", "{}", '{"targets": [{"id": "X"}]}'])
def test_a_file_without_targets_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "targets.json"
    file.write_text(text, "utf-8")
    with pytest.raises(RegistryError) as caught:
        read_targets(file)
    assert caught.value.code == "REG-501"
