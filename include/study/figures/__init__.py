"""Figures for print, drawn from the marts alone."""

from include.study.figures.write import write_figures

__all__ = ["write_figures"]
