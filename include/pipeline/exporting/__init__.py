"""Exports: rows of persons in the formats of others, for those alone who may see them."""

from include.pipeline.exporting.cbioportal import export_cbioportal
from include.pipeline.exporting.omop import OmopReport, export_omop

__all__ = ["OmopReport", "export_cbioportal", "export_omop"]
