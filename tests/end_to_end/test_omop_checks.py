"""The sample study's export to OMOP, judged by the checks of OHDSI's DataQualityDashboard.

`omop_checks.csv` says which check looks at which field, and from how many percent of violated rows on it fails: the
lists OMOP_CDMv5.4_{Table,Field,Concept}_Level.csv of DataQualityDashboard 2.8.4 (github.com/OHDSI/DataQualityDashboard,
commit 2f81ca9, Apache License 2.0), for the tables that are exported. The SQL in `omop_checks.yml` is ours. OHDSI's
vocabulary is not here: `concept` holds `reference.omop_concept`, so domains are those which that list states.
"""

import csv
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
import yaml

from include.pipeline.exporting import export_omop
from include.pipeline.exporting.omop_format import CDM
from tests.end_to_end.conftest import Outcome

HERE = Path(__file__).parent
CONCEPTS = Path("include/reference/omop_concept.csv")
ABSENT = ("care_site", "cost", "location", "note", "provider", "visit_detail", "visit_occurrence")
"""Tables of the model that are not exported."""
LIMITS = {"tomorrow": "CURRENT_DATE + 1", "next year": "YEAR(CURRENT_DATE) + 1"}

NO_CONCEPT_YET = [
    "standardConceptRecordCompleteness death.cause_concept_id",
    "standardConceptRecordCompleteness drug_exposure.drug_concept_id",
    "sourceValueCompleteness drug_exposure.drug_source_value",
]
"""What fails for terms that `unmapped.csv` counts: other causes of death, classes of drugs."""


class Check(NamedTuple):
    """A row of `omop_checks.csv`; `argument` is a table and field, a domain, a limit or concepts."""

    check: str
    table: str
    field: str
    argument: str
    threshold: str


CHECKS = [Check(*row) for row in csv.reader((HERE / "omop_checks.csv").open(encoding="utf-8"))][1:]
SQL: dict[str, dict[str, str]] = yaml.safe_load((HERE / "omop_checks.yml").read_text(encoding="utf-8"))


def words(one: Check) -> dict[str, str]:
    """What stands in the place of the braces of a check's SQL."""
    kinds = {field.name: field.type for field in CDM[one.table]}
    kind = "DATE" if kinds.get(one.field, "").startswith("date") else "DOUBLE"
    other, _, key = one.argument.partition(".")
    term = one.field.replace("_concept_id", "_source_value")
    born = other == "person"
    return {
        **one._asdict(),
        "other": other,
        "key": key,
        "type": kind,
        "limit": LIMITS.get(one.argument, f"CAST('{one.argument}' AS {kind})"),
        "ids": ", ".join(f"'{concept}'" for concept in one.argument.split(",")),
        "term": term if term in kinds and not one.field.startswith("gender") else "NULL",
        "earlier": "COALESCE(p.birth_datetime, p.year_of_birth || '-06-01')" if born else f"t.{key}",
        "joined": "INNER JOIN person AS p USING (person_id)" if born else "",
    }


def violated(model: duckdb.DuckDBPyConnection, one: Check) -> float:
    """Percent of rows that violate a check; 0 where there is nothing to judge."""
    parts = {name: text.format(**words(one)) for name, text in SQL[one.check].items()}
    if "reads" in parts:
        model.execute(f"SELECT COUNT(*) FROM {parts['reads']}")
    found: Any = model.execute(
        f"SELECT 100.0 * COUNT(*) FILTER (WHERE {parts['broken']}) / NULLIF(COUNT(*), 0) FROM {parts['of']}"
    ).fetchone()
    return float(found[0] or 0)


@pytest.fixture(scope="module")
def model(on_duckdb: Outcome, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The exported tables as text, and the concepts that are known; 0 = no matching concept."""
    out = tmp_path_factory.mktemp("omop") / "out"
    export_omop(on_duckdb.settings, out)
    made = duckdb.connect()
    for table in CDM:
        made.execute(f"CREATE TABLE {table} AS FROM read_csv('{out / table}.csv', header = true, all_varchar = true)")
    for table in ABSENT:
        made.execute(f"CREATE TABLE {table} ({table}_id TEXT, visit_start_date TEXT)")
    made.execute(
        "CREATE TABLE concept AS SELECT DISTINCT concept_id, domain AS domain_id, 'S' AS standard_concept "
        f"FROM read_csv('{CONCEPTS}', header = true, all_varchar = true) "
        "UNION ALL SELECT '0', 'Metadata', 'S'"
    )
    return made


def test_only_terms_without_a_concept_fail_a_check_of_the_data_quality_dashboard(
    model: duckdb.DuckDBPyConnection,
) -> None:
    failed = [f"{one.check} {one.table}.{one.field}" for one in CHECKS if violated(model, one) > float(one.threshold)]

    assert len(CHECKS) == 734
    assert failed == NO_CONCEPT_YET
