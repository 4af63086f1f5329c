"""The sample study, written once."""

from pathlib import Path

import pytest

from include.study import write_study
from tests.study.reading import Row, final_versions


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all six nights."""
    out = tmp_path_factory.mktemp("study")
    write_study(out)
    return out


@pytest.fixture(scope="session")
def final(study: Path) -> dict[str, dict[str, Row]]:
    """Feed to key to row: what the registry should hold in the end."""
    return final_versions(study)
