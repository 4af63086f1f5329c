"""Exports: rows of persons in the formats of others, for those alone who may see them."""

from include.exporting.cbioportal import export_cbioportal
from include.exporting.omop import OmopReport, export_omop

__all__ = ["OmopReport", "export_cbioportal", "export_omop"]
