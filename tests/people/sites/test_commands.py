"""`./registry site`: what an engineer who adds a hospital is told."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from include.basics.errors import RegistryError
from include.definitions.sites import Site
from include.people.decisions import Selection, reject_records
from include.people.sites.comparing import compare
from include.people.sites.trying import plans_for
from include.people.sites.unmapped import unmapped
from include.pipeline.mapping import Plans
from include.running.cli.commands import main
from tests.pipeline.mapping.test_profiles import CODES, HEADER, LAB, Profile, announce, deliver
from tests.support.registry import Registry

ROOT = Path(__file__).parents[3]


def told(*arguments: str, code: int = 0) -> Any:
    """What a command prints as JSON."""
    result = CliRunner().invoke(main, ["site", *arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def write(folder: Path, lines: str, name: str = "a_20200101.csv", header: str = HEADER) -> str:
    (folder / name).write_bytes((header + lines).encode("cp1252"))
    return str(folder / name)


def test_a_trial_shows_before_and_after_and_what_rules_say(tmp_path: Path, profile: Profile) -> None:
    profile({**LAB, "rows": {"unless": {"N°": "test"}}}, lists=CODES)
    file = write(
        tmp_path, "1;7;02/01/2019;08:10;ASAT;62,5;Validé\ntest;;;;;;\n2;7;soon;;XYZ;1;Validé\n1;2\n", header=HEADER
    )

    (trial,) = told("try", "chx", file, "--rows", "1")

    assert (trial["feed"], trial["rows"], trial["unreadable"], trial["held"]) == ("results", 2, 1, None)
    assert trial["before"][0]["Résultat"] == "62,5"
    assert (trial["after"][0]["value"], trial["after"][0]["test_code"]) == ("62.5", "1920-8")
    coverage = {one["column"]: (one["filled"], one["readable"]) for one in trial["coverage"]}
    assert (coverage["collected_at"], coverage["reference_high"]) == ((2, 1), (0, 0))
    failed = {one["rule_id"]: (one["failed"], one["rows"], one["tests"]) for one in trial["rules"]}
    assert failed["results.collected_at.unreadable"] == failed["results.test_code.unmapped"] == (1, [3], ["XYZ"])


def test_a_trial_takes_names_away_and_judges_by_the_day_of_the_file(tmp_path: Path, profile: Profile) -> None:
    columns = {name: name for name in ("patient_id", "sex", "birth_date", "diagnosis_date", "status")}
    profile({"feed": "patients", "files": "p_{date}.csv", "personal": ["Nom"], "columns": columns})
    file = tmp_path / "p_2020-01-01.csv"
    file.write_text(
        f"{','.join(columns)},Nom,Salle\n7,male,1950-03-04,2018-03,final,Dupont,\n8,x\n9,male,1950-03-04,2020-02,final,,\n",
        encoding="utf-8",
    )

    (trial,) = told("try", "chx", str(file))

    assert (trial["unknown_columns"], trial["after"][0]["diagnosis_date"]) == (["Salle"], "2018-03")
    assert (trial["rows"], trial["unreadable"]) == (2, 1)
    critical = [(one["rule_id"], one["rows"]) for one in trial["rules"] if one["severity"] == "critical"]
    assert critical == [("patients.diagnosis_date.in_future", [2])]


def test_a_trial_says_that_the_file_would_be_held(tmp_path: Path, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    lines = (f"{number};7;soon;;ASAT;1;Validé\n" for number in range(30))

    (trial,) = told("try", "chx", write(tmp_path, "".join(lines)), "--rows", "0")

    assert trial["held"].startswith("REG-307")


def test_a_trial_of_a_wrong_profile_says_so(tmp_path: Path, profile: Profile) -> None:
    profile({**LAB, "feed": "nothing"})
    with pytest.raises(RegistryError, match="REG-219"):
        plans_for(Plans(), "chx", tmp_path, None)


def test_a_changed_profile_says_beforehand_what_will_change(registry: Registry, profile: Profile) -> None:
    folder = profile(LAB, lists=CODES)
    announce(registry, "7")
    deliver(registry, "1;7;02/01/2019;08:10;XYZ;1;Validé\n2;7;02/01/2019;08:10;ASAT;1;Validé\n3;7;;;ASAT;1;Validé\n")
    assert compare(registry.warehouse, Plans(), "chx") == []
    reject_records(registry.warehouse, Selection(record_key="chx:3"), "me", "it has no time")

    profile(
        {**LAB, "rows": {"where": {"N°": ["1", "2"]}}}, lists={"loinc.csv": CODES["loinc.csv"] + "XYZ,2324-2,,,me\n"}
    )
    (change,) = compare(registry.warehouse, Plans(), "chx")

    assert (change.rows_before, change.rows_after, change.rows_new, change.rows_gone) == (3, 2, 0, 1)
    assert (change.rows_changed, change.rows_decided, change.columns) == (1, 1, {"test_code": 1})
    assert registry.rows("SELECT COUNT(*) FROM received.reading WHERE profile IS NOT NULL") == [(1,)]
    assert folder.is_dir()


def test_what_is_not_understood_is_listed_by_frequency(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    lines = (
        "1;7;02/01/2019;08:10;XYZ;1;Validé",
        "2;7;02/01/2019;08:10;XYZ;1;Annulé",
        "3;7;02/01/2019;08:10;ASAT;1;Validé",
    )
    deliver(registry, "\n".join(lines) + "\n")

    found = [(one.site, one.feed, one.column, one.text, one.rows) for one in unmapped(registry.warehouse, "chx")]

    assert found == [("chx", "results", "test_code", "XYZ", 2), ("chx", "results", "status", "Annulé", 1)]
    first, second = unmapped(registry.warehouse, "chx")
    ((load_id,),) = registry.rows("SELECT load_id FROM received.file WHERE feed = 'results'")
    assert (first.places, first.tests) == (f"{load_id}:1, {load_id}:2", "XYZ")
    assert (second.places, second.tests) == (f"{load_id}:2", "XYZ")
    assert unmapped(registry.warehouse, "other") == []


@pytest.mark.parametrize(
    ("export", "said"),
    [
        ({**LAB, "columns": {"value": "V"}}, "results.result_id: is required and comes from nowhere"),
        ({**LAB, "columns": {**LAB["columns"], "colour": "C"}}, "results.colour: is no column of results"),
        ({**LAB, "files": "lab/*.csv"}, "has to name the day of the extract once"),
        ({**LAB, "dates": {"date": "%Q"}}, "dates: %Q is no format of dates"),
        *(
            ({**LAB, "columns": {**LAB["columns"], "unit": {"from": "U", "match": wrong}}}, "RE2 with one group")
            for wrong in ("x", "(x", "(?=x)(y)", "(x)(y)")
        ),
        ({**LAB, "format": "parquet", "dialect": {"decimal": ","}}, "which numbers of parquet have"),
        ({**LAB, "personal": ["résultat "]}, "results.value: Résultat is personal"),
        ({**LAB, "personal": ["Nom"], "rows": {"unless": {"Nom": "TEST"}}}, "results.rows: Nom is personal"),
        *(
            (
                {**LAB, "feed": "visits", "columns": {column: {"from": "W", "unit": unit}}},
                f"visits.{column}.unit: {said}",
            )
            for column, unit, said in (
                ("weight_kg", "cm", "cm is none of g"),
                ("weight_kg", {"from": "U", "map": {"p": "stone"}}, "stone is none of g"),
                ("ecog", "kg", "is of a column that has no unit"),
            )
        ),
        ({**LAB, "rows": {"unless": {"Code": {"match": "(x"}}}}, "results.rows.unless.Code: is no regular expression"),
        (
            {
                "feeds": {"results": {}},
                "files": LAB["files"],
                "format": "excel",
                "dialect": {"sheet": "2"},
                "name": "second",
            },
            "dialect.sheet: is not read: results takes the same files",
        ),
        ({**LAB, "format": "word"}, "format: 'word' is none of csv"),
        ({**LAB, "feed": "nothing"}, "unknown feeds: nothing"),
        (
            {**LAB, "columns": {**LAB["columns"], "unit": {"from": "U", "value": "U/L"}}},
            "needs one of from, first, value, first_readable",
        ),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(profile: Profile, export: dict[str, Any], said: str) -> None:
    profile(*([LAB] if "name" in export else []), export, lists=CODES)

    problems = told("check", code=1)["problems"]

    assert any(said in f"{one['key']}: {one['what']}" for one in problems), problems


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("ASAT,1920-8,2019-01-01,,me\nASAT,1742-6,2019-01-01,,me\n", "means two things on one day"),
        ("ASAT,1920-8,,2019-01-01,me\nASAT,1742-6,2018-01-01,,me\n", "means two things on one day"),
        ("ASAT ,1920-8,,,me\nASAT,1742-6,,,me\n", "means two things on one day"),
        ("ASAT,,,,me\n", "standard: is missing"),
        ("ASAT,1920-8,,,\n", "decided_by: is missing"),
        ("ASAT,1920-8,1/1/2019,,me\n", "is not a date YYYY-MM-DD"),
    ],
)
def test_a_wrong_code_list_says_what_is_wrong(profile: Profile, lines: str, said: str) -> None:
    profile(LAB, lists={"loinc.csv": lines})

    problems = told("check", code=1)["problems"]

    assert any(said in f"{one['key']}: {one['what']}" for one in problems), problems


def test_the_schema_beside_the_profiles_is_that_of_profiles() -> None:
    schema = json.loads((ROOT / "include" / "sites" / "profile.schema.json").read_text(encoding="utf-8"))

    assert schema == Site.model_json_schema(by_alias=True)


def test_examples_are_right(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    examples = sorted((ROOT / "include" / "sites" / "examples").glob("*.yml"))
    for example in examples:
        text = example.read_text(encoding="utf-8")
        (tmp_path / example.name).write_text(text, encoding="utf-8")
        lists = example.with_suffix("")
        if lists.is_dir():
            (tmp_path / lists.name).mkdir()
            for file in lists.iterdir():
                (tmp_path / lists.name / file.name).write_bytes(file.read_bytes())
                assert list(csv.reader(file.open(encoding="utf-8")))
    monkeypatch.setenv("SITES", str(tmp_path))

    assert told("check")["problems"] == []
