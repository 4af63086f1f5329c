"""Formats: what a hospital sends, as rows of text. A reader knows its format and no hospital.

A table (CSV, Excel, XPT, Dataset-JSON, Parquet) has columns; a file of records (HL7 v2, FHIR, DICOM SR) has paths, of
which a reader takes those that a profile names. What the columns mean is said by the site's profile, and applied by
include/pipeline/mapping.
"""

from include.pipeline.formats.interface import Asked, Format, Rows

__all__ = ["Asked", "Format", "Rows"]
