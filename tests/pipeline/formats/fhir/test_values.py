"""What an observation says: value, unit, normal range and code."""

from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.formats.fhir.resources import (
    LOCAL,
    LOINC,
    UCUM,
    Made,
    cell,
    concept,
    ndjson,
    observation,
    quantity,
    read,
    row,
    without,
)


@pytest.mark.parametrize(
    "digits", ["62", "62.0", "1.10", "1e2", "1E+2", "0.000000000000000000012345678901234567890", "-3"]
)
def test_a_number_keeps_its_digits(tmp_path: Path, digits: str) -> None:
    [line] = ndjson(observation(valueQuantity=quantity("@"))).decode().splitlines()

    assert read(tmp_path, ndjson(line.replace('"@"', digits)), ["key", "value"]).rows == [("o1", digits)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"valueQuantity": quantity(2000, comparator=">")}, ">2000"),
        ({"valueString": "positive"}, "positive"),
        ({"valueInteger": 2}, "2"),
        ({"valueBoolean": False}, "false"),
        ({"valueCodeableConcept": concept((LOCAL, "pos"))}, "pos"),
        ({"valueCodeableConcept": {"text": "trace"}}, "trace"),
        ({"valueRange": {"low": {"value": 10}, "high": {"value": 20}}}, "10-20"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1:128"),
    ],
)
def test_a_value_of_every_kind(tmp_path: Path, value: Made, said: str) -> None:
    assert cell(tmp_path, {**without(observation(), "valueQuantity"), **value}, "value") == said


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("g", {"valueQuantity": quantity(50, "mg")}),
        ("valueQuantity.g", {"valueQuantity": quantity(50, "mg")}),
        ("component[code=D].g", {"component": [{"code": {"text": "D"}, "valueQuantity": quantity(50, "mg")}]}),
        ("extension[url=urn:dose].g", {"extension": [{"url": "urn:dose", "valueQuantity": quantity(50, "mg")}]}),
    ],
)
def test_a_dose_in_milligrams_comes_in_grams(tmp_path: Path, path: str, given: Made) -> None:
    assert cell(tmp_path, {**observation(), **given}, path) == "0.05"


@pytest.mark.parametrize(
    ("given", "unit"),
    [
        ({"value": 1, "unit": "units/L", "system": UCUM, "code": "U/L"}, "U/L"),
        ({"value": 1, "unit": "UI/L", "system": "urn:site:units", "code": "17"}, "UI/L"),
        ({"value": 1, "system": "urn:site:units", "code": "17"}, "17"),
        ({"value": 1, "unit": "UI/L"}, "UI/L"),
        ({"value": 1}, None),
    ],
)
def test_a_unit_is_the_ucum_code_else_as_people_read_it(tmp_path: Path, given: Made, unit: str | None) -> None:
    assert cell(tmp_path, observation(valueQuantity=given), "unit") == unit


NORMAL = {"low": quantity(5), "high": quantity(34)}
THERAPEUTIC = {"type": concept(("x", "therapeutic")), "high": quantity(999)}


@pytest.mark.parametrize(
    ("ranges", "limits"),
    [
        ([NORMAL], ("5", "34")),
        ([THERAPEUTIC, NORMAL], ("5", "34")),
        ([THERAPEUTIC, {**NORMAL, "type": concept(("x", "normal"))}], ("5", "34")),
        ([{**NORMAL, "type": {"text": "Therapeutic range"}}], (None, None)),
        ([{**NORMAL, "type": {"text": "Normal range"}}], ("5", "34")),
        ([THERAPEUTIC], (None, None)),
        ([NORMAL, {"high": quantity(40)}], (None, None)),
        ([NORMAL, {"high": quantity(40), "appliesTo": [{"text": "male"}]}], ("5", "34")),
        ([{"high": quantity(34)}], (None, "34")),
        ([{"low": quantity(5), "high": quantity(0.58, "ukat/L")}], ("5", None)),
        ([{"low": {"value": 5}, "high": {"value": 34}}], ("5", "34")),
        ([{"text": "5-34"}], ("5", "34")),
        ([{"text": "< 34"}], (None, "<34")),
        ([{"text": "see report"}], (None, "range see report")),
        ([{"text": "5-34", "type": {"text": "therapeutic"}}], (None, None)),
        ([], (None, None)),
    ],
)
def test_limits_are_those_of_the_one_normal_range(tmp_path: Path, ranges: list[Made], limits: tuple[Any, ...]) -> None:
    assert row(tmp_path, observation(referenceRange=ranges), "low", "high") == limits


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (concept((LOCAL, "ASAT"), (LOINC, "1920-8")), ("1920-8", "1920-8", "ASAT")),
        (concept((LOINC, "1920-8"), ("http://snomed.info/sct", "45896001"), (LOCAL, "A")), ("1920-8", "1920-8", "A")),
        (concept((LOCAL, "ASAT")), ("ASAT", None, "ASAT")),
        (concept(("http://snomed.info/sct", "45896001")), ("45896001", None, "45896001")),
        ({"text": "ASAT"}, ("ASAT", None, "ASAT")),
        ({"coding": [{"code": "ASAT"}]}, ("ASAT", None, "ASAT")),
        ({"coding": [{"system": LOINC}]}, (None, None, None)),
    ],
)
def test_a_coding_is_chosen_by_its_system(tmp_path: Path, given: Made, codes: tuple[Any, ...]) -> None:
    assert row(tmp_path, observation(code=given), "code", "loinc", "local_code") == codes


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ({"effectiveDateTime": "2023-05"}, "2023-05"),
        ({"effectiveDateTime": "2023-05-09"}, "2023-05-09"),
        ({"effectivePeriod": {"start": "2023-05-09", "end": "2023-05-10"}}, "2023-05-09"),
        ({"effectiveInstant": "2023-05-09T08:10:00.123Z"}, "2023-05-09T08:10:00.123Z"),
        ({"effectiveTiming": {"event": ["2023-05-09", "2023-06-09"]}}, "2023-05-09"),
        ({"issued": "2023-05-09T08:10:00Z"}, None),
    ],
)
def test_the_time_is_that_of_the_sample_not_of_the_report(tmp_path: Path, time: Made, said: str | None) -> None:
    assert cell(tmp_path, {**without(observation(), "effectiveDateTime"), **time}, "time") == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (quantity(27.5, "mm"), "27.5"),
        (quantity(2.75, "cm"), "27.5"),
        (quantity(2.75, "furlong"), "2.75 furlong"),
        (quantity(2.75, "cm", comparator="<"), "<27.5"),
        ({"value": 27.5}, "27.5"),
    ],
)
def test_a_length_is_in_millimetres_or_keeps_its_unit(tmp_path: Path, length: Made, said: str) -> None:
    assert cell(tmp_path, observation(valueQuantity=length), "mm", feed="lesions") == said


def test_a_power_of_ten_does_not_grow(tmp_path: Path) -> None:
    [line] = ndjson(observation(valueQuantity=quantity("@", "cm"))).decode().splitlines()
    found = read(tmp_path, ndjson(line.replace('"@"', "1e999999")), ["mm", "key"], feed="lesions")

    assert found.rows == [("1e999999 cm", "o1")]
