"""DICOM SR (TID 1500): a measurement report is a row of exams, each of its measurement groups one of lesions."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from include.definitions.sites import Dialect
from include.pipeline.formats.dicom_sr.words import usual
from include.pipeline.formats.interface import Asked, Rows

FEEDS: Collection[str] = ("exams", "lesions")


def usual_columns(feed: str) -> Mapping[str, Any]:
    """The columns that a profile need not write."""
    columns: Mapping[str, Any] = usual().get(feed, {}).get("columns", {})
    return columns


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a report; raises RegistryError REG-301 unless the whole file can be read."""
    from include.pipeline.formats.dicom_sr import rows  # pydicom takes half a second

    return rows.read(file, asked, folder)


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file without what names a person; `personal` are further attributes by their keyword."""
    from include.pipeline.formats.dicom_sr.personal import copy

    return copy(file, target, [*personal, *beside])
