"""The 127 cTACE sessions, as the angiography suite writes them."""

from collections.abc import Iterator

from include.study.sample.cohort import Patient, cohort
from include.study.sample.draws import deal, stream
from include.study.sample.rows import Row, day, number

LIPIODOL_ML = {0: 1, 10: 13, 12: 5, 15: 19, 18: 3, 20: 11}
"""First sessions by volume: mean 14.4, SD 4.2, median 15, range 0 to 20 (text of the study)."""
MICROSPHERES_ML = {2: 21, 3: 7, 4: 13, 5: 3, 6: 1, 8: 1}
"""First sessions embolised with microspheres by volume; with the 6 without: mean 2.8, SD 1.6, median 2."""
NO_EMBOLISATION = ("stasis", "stasis", "stasis", "stasis", "shunt", "shunt")
REFLUX = 5
"""First sessions that had 1.0 g in place of 1.5 g."""
TERRITORIES = {
    1: ("whole_liver",),
    2: ("right_lobe", "left_lobe"),
    3: ("right_lobe", "left_lobe", "segmental"),
    4: ("segmental", "right_lobe", "left_lobe", "segmental"),
}


def procedure_key(patient: Patient, session: int) -> str:
    """Key of a patient's session, counted from 1."""
    return f"P-{patient.course.number}-{session}"


def procedures() -> Iterator[Row]:
    """All sessions, patient by patient."""
    first = first_sessions()
    for patient, measures in zip(cohort(), first, strict=True):
        session = 0
        for cycle in patient.course.cycles:
            for k, on in enumerate(cycle):
                session += 1
                later = later_session(patient, session)
                yield {
                    "procedure_id": procedure_key(patient, session),
                    "patient_id": patient.course.patient_id,
                    "performed_on": day(patient.course.first_session, on),
                    "technique": "ctace",
                    "drug": "streptozocin",
                    **(measures if session == 1 else later),
                    "territory": TERRITORIES[len(cycle)][k],
                    "planned_sessions": str(len(cycle)),
                    "cycle_complete": "yes" if on == cycle[-1] else "no",
                    "status": "final",
                }


def first_sessions() -> list[Row]:
    """Dose, volumes and stops of the first sessions, one a patient."""
    lipiodol = deal(LIPIODOL_ML, "lipiodol")
    deck: list[tuple[str, int]] = [(reason, 0) for reason in NO_EMBOLISATION]
    volumes = deal(MICROSPHERES_ML, "microspheres")
    deck += [("reflux" if i < REFLUX else "no", volume) for i, volume in enumerate(volumes)]
    stream("first sessions").shuffle(deck)
    return [measures(stop, oil, volume) for oil, (stop, volume) in zip(lipiodol, deck, strict=True)]


def later_session(patient: Patient, session: int) -> Row:
    """Dose and volumes of a session that is not the first."""
    rng = stream("session", patient.course.patient_id, session)
    return measures("no", rng.choice((10, 10, 12, 15, 15, 18, 20)), rng.choice((1, 2, 2, 2, 3, 4)))


def measures(stop: str, lipiodol: int, microspheres: int) -> Row:
    """The measured cells of a session."""
    return {
        "drug_dose_g": number(1.0 if stop == "reflux" else 1.5, 1),
        "lipiodol_ml": str(lipiodol),
        "microspheres_ml": str(microspheres),
        "microsphere_size_um": ("300-500" if microspheres > 2 else "100-300") if microspheres else "",
        "stopped_early": stop,
    }
