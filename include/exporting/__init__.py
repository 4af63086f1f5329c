"""Exports: rows of persons in the formats of others, for those alone who may see them."""

from include.exporting.cbioportal import export_cbioportal

__all__ = ["export_cbioportal"]
