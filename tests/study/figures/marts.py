"""Marts with a few rows for every figure."""

from datetime import date
from typing import Any

import pandas as pd

from include.study.figures import forest, incidence, kaplan_meier
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.sql import select_text
from include.warehouse.tables import read_table

STEPS = [(0.0, 10, 0, 0, 1.0), (5.0, 10, 1, 0, 0.9), (12.0, 9, 0, 3, 0.9), (30.0, 6, 3, 0, 0.45), (40.0, 3, 0, 3, 0.45)]
"""Months, at risk, events, censored, survival."""
GROUPS = {
    "sex": ("female", "male"),
    "extrahepatic": ("no", "yes"),
    "burden": ("<50", ">=50"),
    "primary_gi_pancreas": ("gi", "pancreas"),
    "procedures": ("1", "2-3", ">=4"),
    "procedures_landmark": ("1", "2-3", ">=4"),
}
LABELS = {"no": "No", "yes": "Yes", "1": "One", "2-3": "Two or three", ">=4": "Four or more"}
RATIO = {"hazard_ratio": 2.0, "ci_low": 0.5, "ci_high": 44.0, "p_value": 0.03, "proportionality_p_value": 0.01}


def fill_marts(warehouse: Warehouse) -> None:
    """Rows of every mart that the figures read, the same for every group; all patients are invented."""
    cohort = {"patients": 1, "is_synthetic": True, "data_cutoff_date": date(2020, 11, 7)}
    append(warehouse, "marts.cohort", pd.DataFrame([cohort]))
    for mart in ("setting", "stratification"):
        warehouse.insert_select(f"marts.{mart}", read_table("marts", mart).column_names, select_text(f"marts/{mart}"))
    keys = curve_keys()
    append(warehouse, "marts.survival_curve", pd.DataFrame([{**key, **step} for key in keys for step in steps()]))
    summary = {"patients": 10, "events": 4, "median_months": 30.0, "median_ci_low": 5.0, "median_ci_high": None}
    named = [{**key, **summary, "stratum_label": LABELS.get(key["stratum"], key["stratum"])} for key in keys]
    append(warehouse, "marts.survival_summary", pd.DataFrame(named))
    compared = [key for key in keys if key["stratification"] != "all"]
    tests = [without(key, "stratum", "ci_method") | {"p_value": 0.0004} for key in compared]
    append(warehouse, "marts.survival_comparison", pd.DataFrame(tests).drop_duplicates())
    fill_ratios(warehouse, compared)
    fill_incidence(warehouse)
    fill_grades(warehouse)
    append(warehouse, "marts.patient_outcome", pd.DataFrame(patients()))
    append(warehouse, "marts.response_rate", pd.DataFrame(rates()))


def without(key: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row without these columns."""
    return {name: value for name, value in key.items() if name not in names}


def curve_keys() -> list[dict[str, Any]]:
    """The key of every curve of the Kaplan-Meier figures and the forest plot."""
    names = ("endpoint", "rule", "entry", "stratification")
    panels = [panel for of_figure in kaplan_meier.panels().values() for panel in of_figure]
    curves = {(*(panel[name] for name in names), stratum) for panel in panels for stratum in panel["strata"]}
    known = forest.wanted()["key"]
    curves |= {(*known.values(), name, stratum) for name, strata in GROUPS.items() for stratum in strata}
    also = {"criteria": "none", "ci_method": "log-log"}
    return [{**dict(zip((*names, "stratum"), curve, strict=True)), **also} for curve in sorted(curves)]


def steps() -> list[dict[str, Any]]:
    """The steps of a curve."""
    names = ("time_months", "at_risk", "events", "censored", "survival", "ci_low", "ci_high")
    return [dict(zip(names, (*step, step[-1] / 2, step[-1]), strict=True)) for step in STEPS]


def fill_ratios(warehouse: Warehouse, keys: list[dict[str, Any]]) -> None:
    """Every group against the first one of its stratification, alone and together with others."""
    references = {name: strata[0] for name, strata in GROUPS.items()}
    rows = [
        without(key, "ci_method")
        | RATIO
        | {"reference": references[key["stratification"]], "immortal_time": key["stratification"] == "procedures"}
        for key in keys
        if key["stratum"] != references[key["stratification"]]
    ]
    append(warehouse, "marts.hazard_ratio", pd.DataFrame(rows))
    model = {"patients": 49, "events": 15, "events_per_coefficient": 3.0}
    together = [row | model for row in rows if row["stratification"] in forest.wanted()["together"]]
    append(warehouse, "marts.multivariable_hazard_ratio", pd.DataFrame(together))


def fill_incidence(warehouse: Warehouse) -> None:
    """Curves that reach 40 percent, estimates and tests for every panel."""
    curves, points, tests = [], [], []
    for panel in (panel for of_figure in incidence.panels().values() for panel in of_figure):
        key = {name: panel[name] for name in incidence.RISK}
        for stratum, cause in panel["curves"].values():
            of_cause = {**key, "stratum": stratum, "cause": cause}
            for months, at_risk, _, censored, survival in STEPS:
                share = {"cif": 0.4 * (survival < 1), "ci_low": None, "ci_high": None}
                step = {"time_months": months, "n_at_risk": at_risk, "censored": censored}
                curves.append({**of_cause, **step, **share})
            limits = {"cif": 0.4, "ci_low": 0.2, "ci_high": 0.6}
            points += [{**of_cause, "months": months, **limits} for months in incidence.MONTHS]
            if panel["stratification"] != "all":
                tests.append({**key, "cause": cause, "p_value": 0.44})
    append(warehouse, "marts.cumulative_incidence_curve", pd.DataFrame(curves))
    append(warehouse, "marts.cumulative_incidence", pd.DataFrame(points))
    append(warehouse, "marts.cumulative_incidence_comparison", pd.DataFrame(tests).drop_duplicates())


def fill_grades(warehouse: Warehouse) -> None:
    """Two patients of each grade at every time point, and five shifts."""
    grades = [
        {"criteria": c, "analyte": a, "timepoint": t, "grade": g, "patients": 2, "denominator": 10, "percent": 20.0}
        for c in ("ctcae_v3", "ctcae_v5")
        for a in ("AST", "ALT", "BILI")
        for t in ("baseline", "day_1", "day_5", "month_2")
        for g in range(5)
    ]
    append(warehouse, "marts.toxicity", pd.DataFrame(grades))
    key = {"criteria": "ctcae_v5", "criteria_label": "CTCAE v5.0", "period": "overall"}
    shifts = [
        {
            **key,
            "analyte": a,
            "term": f"{a} increased",
            "baseline_grade": before,
            "worst_grade": worst,
            "at_least": floor,
            "patients": n,
        }
        for a in ("AST", "ALT", "BILI", "ALP", "GGT", "CREA", "PLT")
        for before, worst, floor, n in ((1, 3, False, 4), (None, 0, True, 1))
    ]
    append(warehouse, "marts.toxicity_worst", pd.DataFrame(shifts))


def patients() -> list[dict[str, Any]]:
    """A death after progression with a new lesion, a long response, no change, a patient never evaluated."""
    alive = {"os_event": False, "pfs_event": False, "last_session_months": 0}
    dead = {"os_event": True, "pfs_event": True, "last_session_months": 3, "new_lesion_months": 4}
    pd_, pr, sd = (
        {"best_response": name, "best_change_percent": change} for name, change in (("PD", 40), ("PR", -50), ("SD", 0))
    )
    return [
        {"patient_key": "a", "os_months": 9, "pfs_months": 4, **dead, **pd_},
        {"patient_key": "b", "os_months": 30, "pfs_months": 28, "response_months": 2, **alive, **pr},
        {"patient_key": "c", "os_months": 5, "pfs_months": 5, **alive, **sd},
        {"patient_key": "d", "os_months": 1, "pfs_months": 0, **alive},
    ]


def rates() -> list[dict[str, Any]]:
    """Ten treated patients, of whom six respond."""
    counts = {"CR": 1, "PR": 5, "SD": 2, "PD": 1, "NE": 1, "OR": 6}
    all_treated = {"stratification": "all", "stratum": "all", "denominator_kind": "treated", "denominator": 10}
    return [
        {
            **all_treated,
            "assessment": assessment,
            "criteria": criteria,
            "response": response,
            "patients": n,
            "percent": 10.0 * n,
            "ci_low": 31.3,
            "ci_high": 83.2,
        }
        for assessment in ("first_cycle", "best", "best_confirmed", "final")
        for criteria in ("mrecist", "recist_1_1")
        for response, n in counts.items()
    ]
