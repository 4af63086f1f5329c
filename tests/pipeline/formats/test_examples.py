"""The profiles that docs/formats shows are those of include/sites/examples, and right."""

from pathlib import Path

import pytest

from include.definitions import contracts
from include.definitions.checking.sites import check_profile, check_sites
from include.definitions.sites import Column
from include.pipeline.formats import reader_of
from include.pipeline.mapping.plan import Plans
from tests.pipeline.mapping.plans import mapped

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "include" / "sites" / "examples"


TABLES = ("delimited", "excel", "xpt", "dataset_json", "parquet", "redcap", "omop")


@pytest.mark.parametrize("name", TABLES)
def test_an_example_is_what_its_page_shows(name: str) -> None:
    example = (EXAMPLES / f"{name}.yml").read_text(encoding="utf-8")
    assert f"```yaml\n{example}```" in (ROOT / "docs" / "formats" / f"{name}.md").read_text(encoding="utf-8")


def test_no_example_has_a_mistake() -> None:
    found, problems = check_sites(EXAMPLES, contracts.sources())
    names = [Path(problem.file).parts[0].removesuffix(".yml") for problem in problems]
    assert set(TABLES) <= set(found) - set(names)


@pytest.mark.parametrize(
    ("month", "day", "born"), [("3", "1", "1949-03-01"), ("12", None, "1949-12"), (None, None, "1949")]
)
def test_omop_has_the_parts_of_a_birth_as_numbers(month: str | None, day: str | None, born: str) -> None:
    site, _ = check_profile(EXAMPLES / "omop.yml")
    assert site
    plan = Plans({"omop": site}, EXAMPLES).of("omop", "person", "patients")
    born_of = {"year_of_birth": "1949", "month_of_birth": month, "day_of_birth": day}
    assert mapped(plan, "birth_date", born_of) == [born]


@pytest.mark.parametrize(("page", "form"), [("hl7v2", "hl7v2"), ("fhir", "fhir_ndjson"), ("dicom_sr", "dicom_sr")])
def test_a_page_lists_the_usual_columns(page: str, form: str) -> None:
    text = (ROOT / "docs" / "formats" / f"{page}.md").read_text(encoding="utf-8")
    assert [line for line in usual_columns(form) if line not in text] == []


def usual_columns(form: str) -> list[str]:
    """A line of a page for each feed: the columns that a profile need not write, with their paths."""
    given = {feed: reader_of(form).usual_columns(feed) for feed in contracts.FEEDS}
    return [f"| {feed} | {', '.join(map(_told, columns.items()))} |" for feed, columns in given.items() if columns]


def _told(item: tuple[str, object]) -> str:
    column = Column.model_validate(item[1])
    return f"{item[0]} {' else '.join(f'`{source}`' for source in column.sources)}"
