"""FHIR R4 as NDJSON, as Bulk Data exports write it: a resource a line, or a bundle of deletions."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from include.definitions.sites import Dialect
from include.pipeline.formats.fhir import rows
from include.pipeline.formats.fhir.copying import copy_lines
from include.pipeline.formats.fhir.lines import lines
from include.pipeline.formats.fhir.personal import LONGEST
from include.pipeline.formats.fhir.records import of_line
from include.pipeline.formats.fhir.words import usual
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.staging.limits import limits

FEEDS: Collection[str] = ()


def usual_columns(feed: str) -> Mapping[str, Any]:
    """The columns that a profile need not write."""
    columns: Mapping[str, Any] = usual().get(feed, {}).get("columns", {})
    return columns


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file, whose lines are read one by one."""
    return rows.read(lambda: lines(file, asked.feed, limits().longest_line), of_line, asked, folder)


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file without what names a person; a line that is no resource stays as it is."""
    return copy_lines(lines(file, "FHIR", LONGEST), target, [*personal, *beside])
