"""Load: one landed file into the clinical record, in one transaction."""

from include.loading.load import load, load_landed
from include.loading.report import LoadReport
from include.loading.settle import settle

__all__ = ["LoadReport", "load", "load_landed", "settle"]
