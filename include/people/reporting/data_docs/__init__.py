"""Great Expectations' Data Docs of the latest loads, made of stored counts: no result holds a cell, so no page can."""

from include.people.reporting.data_docs.site import build_site

__all__ = ["build_site"]
