"""What laboratories write for a unit: each spelling is the factor that is meant, and nothing else is read."""

from include.warehouse import Warehouse
from include.warehouse.sql import macro

ENZYMES = {
    1: (
        "U/L|u/l|Units/L|unit/L|units per liter|IU/L|iu/l|[iU]/L|[IU]/L|UI/L|U.I./L|U·L⁻¹|U.L-1|E/L|IE/l| U / L "
        "|U/l (37°C)|U/L 37 C|mU/mL|mIU/ml"
    ),
    60: "ukat/L|µkat/L|μkat/l|mckat/L|microkat/L|UKAT/L|µkat·L⁻¹",
    0.06: "nkat/L|NKAT/L|nanokat/L",
    None: "mU/L|MU/L|MIU/L|µ/L|uU/L|U/uL|U/dL|mg/dL|U|/L|UL|mkat/L|10*9/L",
}
SPELLINGS: dict[str, dict[float | None, str]] = {
    "AST": ENZYMES,
    "GGT": ENZYMES,
    "BILI": {
        1: "umol/L|µmol/L|μmol/l|UMOL/L|mcmol/L|micromol/L|µmoles/L|micromoles/L|micromole per liter|µmol·l⁻¹|umol.L-1",
        17.104: "mg/dL|MG/DL|Mg/dL|mg/dl|mg/100 mL|mg/100ml|mg%|MGS%|milligram per deciliter|mg.dL-1",
        1.7104: "mg/L|MG/L",
        None: "mmol/L|MMOL/L|nmol/L|mol/L|ug/dL|g/dL|umol|dL",
    },
    "CREA": {1: "umol/L|UMOL/L|µmol/l", 1000: "mmol/L|MMOL/L", 88.4: "mg/dL|MG/DL|mg%", None: "mg/24h|g/L|mL/min"},
    "PLT": {
        1: (
            "1x10^9/L|1 x 10*3/uL|"
            "10*9/L|10^9/L|10**9/L|10E9/L|10e9/l|1E9/L|E9/L|x10E9/L|x10^9/l|X10*9/L|x 10^9 / L|×10⁹/L|*10^9/L|10 9/L"
            "|10(9)/L|10\\S\\9/L|10x9/L|10exp9/L|10⁹·L⁻¹|G/L|G/l|g/l|Giga/L|GI/L|Gpt/l|Mrd./L|bil/L|billion per liter"
            "|10*3/uL|10*3/UL|10^3/µL|10\\S\\3/uL|x10E3/uL|x10(3)/mcL|10*3/mm3|10³/mm³|10x3/uL|10.e3/µL|10*3{cells}/uL"
            "|K/uL|K/UL|k/µl|K/mcL|K/cumm|K/cu mm|THOU/uL|Thou/mm3|Thousand/uL|thousands/cumm|Tsd./µl|Tsd/µL|miles/mm3"
            "|migliaia/mmc|1000/µL|/nl|/nL|10*6/mL|thousand per microliter|10*3.mm3-1"
        ),
        10: "10*4/uL|×10⁴/μL|万/μL",
        100: "10*5/uL|lakhs/cumm|lakh/µL",
        0.001: "/uL|/µL|/ul|cells/uL|{cells}/uL|/cumm|/mm3|/mmc|1/uL|10*3/mL|10*6/L",
        None: "M/uL|K/L|G/uL|g/dL|10*9/uL|10^-9/L|10*12/L|T/L|10|/L|mil/mm3|fL|%",
    },
    "PT_PERCENT": {1: "%|percent|％|% of normal|%{normal}|% activity", None: "%/L|s|1|INR"},
    "PT_SECONDS": {1: "s|sec|Sec.|SECONDS|second(s)|seg|Sek.", None: "%|ms|min"},
    "CGA": {
        1: "ng/mL|NG/ML|ug/L|UG/L|µg/l|mcg/L|microgram per liter",
        49: "nmol/L|NMOL/L|nanomol/l|nmol·L⁻¹",
        None: "U/L|mg/L|ng/L|pmol/L",
    },
    "HIAA": {
        1: (
            "umol/24h|umol/(24.h)|umol/24 h|UMOL/24HR|umol/24hr|µmol/24 hrs|umol/24hours|umol/d|µmol/day|umol/die"
            "|µmol/Tag|µmol/jour|µmol/24 Std.|umol/24-hr|µmol/dögn|µmol/día"
        ),
        5.23: "mg/24h|MG/24HR|mg/24 h|mg/(24.h)|mg/day|mg/die|mg/Tag|mg/24 hours|mg/24 hr|mg/d",
        None: "mg/L|umol/L|mmol/mol|mg/g|umol/h|mg/dL|mg/2 h",
    },
    "CRCL": {
        1: (
            "mL/min|mL/min/1.73m2|ml/min/1,73 m²|mL/min/{1.73_m2}|mL/min/(1.73.m2)|mL/min/1.73 m^2|mL/min per 1.73 m2"
            "|mL/min/1.73 sqm|ML/MIN/1.73M2"
        ),
        60: "mL/s",
        None: "mL/min/m2|L/24h|mL/min/1.8m2",
    },
    "ALB": {1: "g/L|G/L|gm/l", 10: "g/dL|G/DL|gm/dL|g%|g/100 mL", None: "mg/dL|10*9/L|%"},
    "CHOL": {1: "mmol/L|MMOL/L", 0.02586: "mg/dL|mg%", 2.586: "g/L|G/L", None: "umol/L|mg/L"},
}
BLANK = ("U/L\u00a0", "\u200bU/L", "U\u202f/\u2009L", "\ufeffU/L", "U/L\t", "U/\u3000L")
WRITTEN = {
    (analyte, spelling): factor
    for analyte, factors in SPELLINGS.items()
    for factor, spellings in factors.items()
    for spelling in spellings.split("|")
} | {("ALT", spelling): 1 for spelling in BLANK}


def test_a_spelling_means_one_factor_and_what_is_uncertain_none(warehouse: Warehouse) -> None:
    spellings = {spelling for _, spelling in WRITTEN}
    values = " UNION ALL ".join(f"SELECT '{spelling}' AS unit" for spelling in spellings)
    warehouse.run_verbatim(f"CREATE TEMPORARY TABLE written AS {values}")
    select = macro("reference/unit_factor", "unit_factor")("written")
    found = warehouse.run_verbatim(f"SELECT analyte, spelling, factor FROM ({select}) AS f").fetchall()

    read = {(analyte, spelling): factor for analyte, spelling, factor in found}
    assert len(read) == len(found)
    assert {written: read.get(written) for written in WRITTEN} == WRITTEN
