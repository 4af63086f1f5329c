"""Formats: what a hospital sends, as rows of text. A reader knows its format and no hospital.

A table (CSV, Excel, XPT, Dataset-JSON, Parquet) has columns; a file of records (HL7 v2, FHIR, DICOM SR) has paths, of
which a reader takes those that a profile names. What the columns mean is said by the site's profile, and applied by
include/pipeline/mapping.
"""

from importlib import import_module
from typing import cast

from include.pipeline.formats.interface import Asked, Format, Rows

__all__ = ["Asked", "Format", "Rows", "reader_of"]
READERS = {
    "csv": "delimited",
    "excel": "excel",
    "xpt": "sas_xpt",
    "dataset_json": "dataset_json",
    "parquet": "parquet",
    "hl7v2": "hl7v2",
    "fhir_ndjson": "fhir.ndjson",
    "fhir_bundle": "fhir.bundle",
    "dicom_sr": "dicom_sr",
}
"""Where the reader of each format of a profile is; it is imported when it is needed."""


def reader_of(name: str) -> Format:
    """The reader of a format."""
    return cast(Format, import_module(f"{__name__}.{READERS[name]}"))
