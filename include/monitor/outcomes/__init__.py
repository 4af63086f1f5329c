"""Outcomes as the marts have them: the choice of an analysis, its tables, and charts drawn as the figures are."""
