"""The sample study as the registry should hold it in the end."""

from pathlib import Path

import pytest

from tests.study.sample.reading import Row, final_versions


@pytest.fixture(scope="session")
def final(study: Path) -> dict[str, dict[str, Row]]:
    """Feed to key to row: what the registry should hold in the end."""
    return final_versions(study)
