"""Values of one sample: kidneys, blood, tumour markers, and liver tests away from the first session."""

from enum import Enum
from functools import cache
from typing import NamedTuple

from include.study.sample.cohort import Patient
from include.study.sample.draws import shaped, stream
from include.study.sample.people import people


class Level(Enum):
    """Where in the reaction to a session a sample falls; the factors are AST's (bilirubin moves less)."""

    REST = (0.85, 1.15)
    PEAK = (4.0, 16.0)
    FALLING = (1.6, 6.0)


class Reaction(NamedTuple):
    """Mean factors of a day of the first session: cholestasis (ALP, GGT), platelets, prothrombin time."""

    cholestasis: float = 1.0
    platelets: float = 1.0
    clotting: float = 1.0


REACTIONS = {1: Reaction(1.15, 0.85, 0.9), 5: Reaction(1.35, 0.92, 0.96)}
"""By day after the first session; clotting falls and recovers first, cholestasis rises last."""

Values = dict[str, float]


def second_panel(i: int, on: int) -> Values:
    """Cholestasis, kidney, platelets and clotting of patient i (from 0), a little different every day."""
    own, daily = stream("panel", i), stream("panel", i, on)
    alp, ggt, platelets, clotting = (
        own.uniform(55, 210),
        own.uniform(18, 190),
        own.uniform(140, 340),
        own.uniform(78, 100),
    )
    reaction = REACTIONS.get(on, Reaction())
    values = {
        "ALP": alp * reaction.cholestasis * daily.uniform(0.93, 1.07),
        "GGT": ggt * reaction.cholestasis * daily.uniform(0.93, 1.07),
    }
    creatinine = people()[i].creatinine_umol_l
    if creatinine is not None:
        values["CREA"] = creatinine * (1 if on == 0 else daily.uniform(0.93, 1.07))
    elif on > 0:
        values["CREA"] = daily.uniform(68, 84)
    values["PLT"] = platelets * reaction.platelets * daily.uniform(0.94, 1.06)
    values["PT"] = min(100, clotting * reaction.clotting * (1 if on == 0 else daily.uniform(0.94, 1.06)))
    return values


@cache
def marker_decks() -> tuple[list[float | None], list[float | None]]:
    """Baseline chromogranin A (45 patients, ng/mL) and 5-HIAA (20, umol/24 h); None: not measured."""
    decks: list[list[float | None]] = []
    for name in ("chromogranin_ng_ml", "hiaa_umol_24h"):
        deck: list[float | None] = list(shaped(name))
        deck += [None] * (52 - len(deck))
        stream("shuffle", name).shuffle(deck)
        decks.append(deck)
    return decks[0], decks[1]


def markers(i: int) -> Values:
    """Tumour markers of patient number i (from 0) before the first session."""
    chromogranin, hiaa = (deck[i] for deck in marker_decks())
    return {name: value for name, value in (("CGA", chromogranin), ("HIAA", hiaa)) if value is not None}


def followed(
    patient: Patient, baseline: Values, on: int, level: Level, liver: bool, ratio: float | None = None
) -> Values:
    """A later sample: baseline values moved by a session's reaction or, for markers, the tumour's size."""
    rng = stream("followed", patient.course.patient_id, on)
    values: Values = {}
    low, high = level.value
    strength = rng.uniform(low, high)
    if liver:
        values["AST"] = baseline["AST"] * strength
        values["ALT"] = baseline["ALT"] * (strength if level is Level.REST else strength * rng.uniform(0.6, 1.1))
        values["BILI"] = baseline["BILI"] * (1 + (strength - 1) * (1 if level is Level.REST else 0.09))
    for analyte in ("ALP", "GGT", "CREA", "PLT", "PT"):
        if analyte in baseline:
            values[analyte] = min(baseline[analyte] * rng.uniform(0.92, 1.08), 100 if analyte == "PT" else 10**4)
    if ratio is not None:
        for analyte in ("CGA", "HIAA"):
            if analyte in baseline:
                values[analyte] = baseline[analyte] * (0.25 + 0.75 * min(ratio, 1.8)) * rng.uniform(0.75, 1.3)
    return values
