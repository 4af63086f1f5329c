"""How each laboratory reports an analyte: LOINC code, unit, decimals, reference limits.

Values are drawn in the usual habit's unit and written as value x factor. LOINC codes carry the kind of
quantity (moles or mass), never the unit, so AST in U/L and in ukat/L share one code.
"""

from typing import NamedTuple


class Habit(NamedTuple):
    """One laboratory's way to report one analyte."""

    code: str
    name: str
    unit: str
    factor: float
    digits: int
    low: str
    high: str


USUAL: dict[str, Habit] = {
    "AST": Habit("1920-8", "AST", "U/L", 1, 0, "", "35"),
    "ALT": Habit("1742-6", "ALT", "U/L", 1, 0, "", "45"),
    "BILI": Habit("14631-6", "Bilirubin, total", "umol/L", 1, 0, "", "16"),
    "ALP": Habit("6768-6", "Alkaline phosphatase", "U/L", 1, 0, "40", "120"),
    "GGT": Habit("2324-2", "GGT", "U/L", 1, 0, "", "55"),
    "CREA": Habit("14682-9", "Creatinine", "umol/L", 1, 0, "50", "105"),
    "PLT": Habit("777-3", "Platelets", "10*9/L", 1, 0, "150", "400"),
    "PT": Habit("5894-1", "Prothrombin time, percent of normal", "%", 1, 0, "70", "130"),
    "CGA": Habit("9811-1", "Chromogranin A", "ng/mL", 1, 0, "", "100"),
    "HIAA": Habit("14573-0", "5-HIAA, 24 h urine", "umol/(24.h)", 1, 1, "", "50"),
}

MASS: dict[str, Habit] = {
    **USUAL,
    "BILI": Habit("1975-2", "Bilirubin, total", "mg/dL", 1 / 17.1, 2, "", "0.94"),
    "CREA": Habit("2160-0", "Creatinine", "mg/dL", 1 / 88.4, 2, "0.57", "1.19"),
    "PLT": Habit("777-3", "Platelets", "10*3/uL", 1, 0, "150", "400"),
    "CGA": Habit("9811-1", "Chromogranin A", "ug/L", 1, 0, "", "100"),
    "HIAA": Habit("1695-6", "5-HIAA, 24 h urine", "mg/(24.h)", 1 / 5.23, 2, "", "9.56"),
}

KATAL: dict[str, Habit] = {
    **USUAL,
    "AST": Habit("1920-8", "AST", "ukat/L", 1 / 60, 3, "", "0.58"),
    "ALT": Habit("1742-6", "ALT", "ukat/L", 1 / 60, 3, "", "0.75"),
    "CGA": Habit("9811-1", "Chromogranin A", "ug/L", 1, 0, "", "100"),
}

HABITS = {"usual": USUAL, "mass": MASS, "katal": KATAL}
LABORATORIES = {"usual": 38, "mass": 8, "katal": 6}
"""Patients by the laboratory that measures them."""
