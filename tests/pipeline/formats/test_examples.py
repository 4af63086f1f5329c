"""The profiles that docs/formats shows are those of include/sites/examples, and right."""

from pathlib import Path

import pytest

from include.definitions import contracts
from include.definitions.checking.sites import check_sites

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "include" / "sites" / "examples"


TABLES = ("delimited", "excel", "xpt", "dataset_json", "redcap", "omop")


@pytest.mark.parametrize("name", TABLES)
def test_an_example_is_what_its_page_shows(name: str) -> None:
    example = (EXAMPLES / f"{name}.yml").read_text(encoding="utf-8")
    assert f"```yaml\n{example}```" in (ROOT / "docs" / "formats" / f"{name}.md").read_text(encoding="utf-8")


def test_no_example_has_a_mistake() -> None:
    found, problems = check_sites(EXAMPLES, contracts.sources())
    names = [Path(problem.file).parts[0].removesuffix(".yml") for problem in problems]
    assert set(TABLES) <= set(found) - set(names)
