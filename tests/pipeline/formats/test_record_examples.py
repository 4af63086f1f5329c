"""The example profiles of FHIR and DICOM SR are right, and each of their paths leads somewhere."""

from pathlib import Path

import pytest

from include.definitions.checking.sites import check_profile
from include.definitions.sites import Column
from include.pipeline.formats import Asked, reader_of
from tests.pipeline.formats.dicom_sr.reports import group, report, written

EXAMPLES = Path(__file__).parents[3] / "include" / "sites" / "examples"


@pytest.mark.parametrize("name", ["fhir", "dicom_sr"])
def test_an_example_can_be_used(tmp_path: Path, name: str) -> None:
    site, problems = check_profile(EXAMPLES / f"{name}.yml")
    empty = {"fhir_ndjson": "", "fhir_bundle": '{"resourceType": "Bundle"}'}

    assert problems == []
    for export in site.exports if site else []:
        file = written(tmp_path, report(group("L1", 1)))
        if export.format in empty:
            file.write_text(empty[export.format], encoding="utf-8")
        reader = reader_of(export.format)
        for feed, taken in export.taken.items():
            usual = {n: Column.model_validate(c) for n, c in reader.usual_columns(feed).items()}
            paths = {path for column in (usual | taken.columns).values() for path in column.sources}
            asked = Asked(feed, tuple(paths | set(taken.rows.where)), taken.rows.each)
            assert reader.read(file, asked, tmp_path).rejected is None
