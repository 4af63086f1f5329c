"""What messages say by names that need no place: each is explained in docs/formats/hl7v2.md."""

from collections.abc import Callable
from functools import lru_cache

from include.pipeline.formats.hl7v2.around import Around, observation_status
from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.sent import SENT, seconds
from include.pipeline.formats.hl7v2.values import coding, is_day, status

ORDER = {"OBR-25": ("OBR", 25), "ORC-1": ("ORC", 1), "ORC-5": ("ORC", 5)}
"""Where an order says that it is cancelled."""
WHOLE_DAY = len("2024-01-31")
Getter = Callable[[Around], str]


def ids(marks: Marks, raw: str) -> list[str]:
    """The repetitions of PID-3 or MRG-1 that may be the patient's id: those of the best type that is there."""
    kinds = words()["ids"]
    said = ((one, one.split(marks.component, 5)) for one in raw.split(marks.repetition))
    found = [(marks.component_of(parts[4]).upper() if len(parts) > 4 else "", one) for one, parts in said if parts[0]]
    allowed = [(kind, one) for kind, one in found if kind not in kinds["never"] and marks.one(one)]
    best = next((kind for kind in kinds["preferred"] if any(kind == other for other, _ in allowed)), None)
    return [one for kind, one in allowed if best in (None, kind)]


@lru_cache(maxsize=20_000)
def best_id(marks: Marks, raw: str) -> str:
    """The first of those."""
    return next((marks.one(one) for one in ids(marks, raw)), "")


def patient(around: Around) -> str:
    """The patient's id: PID-3 of the best type, PID-2 in messages without."""
    return best_id(around.marks, around.raw("PID", 3)) or best_id(around.marks, around.raw("PID", 2))


def merged(around: Around) -> str:
    """The id that is no longer used: MRG-1 of the best type, MRG-4 in messages without."""
    return best_id(around.marks, around.raw("MRG", 1)) or best_id(around.marks, around.raw("MRG", 4))


def order(around: Around) -> str:
    """The order that results, an exam or a report answer; of a document without one its own number."""
    return around.first(
        ("OBR", 3), ("OBR", 2), ("ORC", 3), ("ORC", 2), ("TXA", 15), ("TXA", 14), ("TXA", 12)
    )  # fmt: skip


def key(around: Around) -> str:
    """What tells the row for ever; of an OBX without the OBX's own part."""
    match around.each:
        case "OBX-4":
            return _joined(order(around), around.said("OBX", 4))
        case "MRG":
            return merged(around)
        case "PID":
            return patient(around)
        case _:
            return order(around)


def time(around: Around) -> str:
    """When what the row tells was so."""
    if around.each in ("MRG", "PID"):
        return around.when(("EVN", 6), ("EVN", 2), ("MSH", 7))
    return around.when(("OBR", 7), ("TXA", 4), ("OBR", 22))


def reported(around: Around) -> str:
    """The day of a report."""
    return around.when(("OBR", 22), ("TXA", 6), ("OBR", 7), ("TXA", 4))[:10]


def state(around: Around) -> str:
    """The contracts' word for the row's state."""
    if around.event in words()["cancelling"]:
        return "cancelled"
    if around.each in ("MRG", "PID"):
        return "final"
    return _corrected(around, _group_state(around))


def _corrected(around: Around, found: str) -> str:
    return "corrected" if found == "final" and around.event in words()["correcting"] else found


def _group_state(around: Around) -> str:
    said = _document_state(around) if "TXA" in around.segments else status("OBR-25", around.said("OBR", 25))
    if not said and around.is_empty and cancelled_by(around):
        return "cancelled"
    if said not in ("", "final", "corrected"):
        return said
    states = [one for one in _observed_states(around) if one != "no_result"]
    if states and set(states) == {"cancelled"}:
        return "cancelled"
    if said == "corrected":
        return said
    worst = ("corrected",) if said else ("preliminary", "corrected", "final")
    return next((one for one in worst if one in states), said or next(iter(states), ""))


def _observed_states(around: Around) -> list[str]:
    return [observation_status(around.marks, one) for one in around.observed]


def _document_state(around: Around) -> str:
    return "cancelled" if around.said("TXA", 19) == "CA" else status("TXA-17", around.said("TXA", 17))


def cancelled_by(around: Around) -> str:
    """The field that says that the order is cancelled: OBR-25, ORC-1 or ORC-5; empty where none does."""
    return next((one for one, place in ORDER.items() if status(one, around.said(*place)) == "cancelled"), "")


def is_dead(around: Around) -> bool:
    """Whether PID-30 says so, or, where it says nothing, PID-29 has a day, month or year of death."""
    said = around.said("PID", 30).upper()
    return words()["answers"].get(said) is True or (not said and _has_death_date(around))


def _has_death_date(around: Around) -> bool:
    return is_day(around.when(("PID", 29))[:10])


def vital_status(around: Around) -> str:
    """The contract's word; what PID-30 says and nobody knows stays, and is told."""
    said = around.said("PID", 30)
    if said and said.upper() not in words()["answers"]:
        return said
    return "dead" if is_dead(around) else "alive"


def visit(around: Around) -> str:
    """The visit number; a death that is told without one has its own, also where PID-30 denies what PID-29 says."""
    number = around.first(("PV1", 19), ("PV1", 50))
    is_told = vital_status(around) != "alive" or _has_death_date(around)
    return number or (_joined(patient(around), "death") if is_told else "")


def visit_date(around: Around) -> str:
    """The day of admission; of a death without a visit its day, or where that is not known when it was told."""
    told = (("EVN", 6), ("EVN", 2), ("MSH", 7))
    if around.first(("PV1", 19), ("PV1", 50)):
        return around.when(("PV1", 44), *told)[:10]
    died = around.when(("PID", 29))[:10]
    return died if is_day(died) and len(died) == WHOLE_DAY else around.when(*told)[:10]


def _joined(first: str, second: str) -> str:
    return f"{first}|{second}" if first and second else first


NAMED: dict[str, Getter] = {
    "key": key,
    "patient": patient,
    "order": order,
    "time": time,
    "date": lambda around: time(around)[:10],
    "reported": reported,
    "status": state,
    "code": lambda around: coding(around.marks, around.raw("OBR", 4)).code,
    "loinc": lambda around: coding(around.marks, around.raw("OBR", 4)).loinc,
    "local_code": lambda around: coding(around.marks, around.raw("OBR", 4)).local,
    "name": lambda around: coding(around.marks, around.raw("OBR", 4)).name,
    "merged": merged,
    "birth_date": lambda around: around.when(("PID", 7))[:10],
    "death_date": lambda around: around.when(("PID", 29))[:10],
    "vital_status": vital_status,
    "visit": visit,
    "visit_date": visit_date,
    SENT: lambda around: str(seconds(around.said("MSH", 7))),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "key": ("OBR", "ORC", "TXA", "PID", "MRG"),
    "patient": ("PID",),
    "order": ("OBR", "ORC", "TXA"),
    "time": ("OBR", "TXA", "EVN"),
    "date": ("OBR", "TXA", "EVN"),
    "reported": ("OBR", "TXA"),
    "status": ("OBR", "TXA", "ORC"),
    "code": ("OBR",),
    "loinc": ("OBR",),
    "local_code": ("OBR",),
    "name": ("OBR",),
    "merged": ("MRG",),
    "birth_date": ("PID",),
    "death_date": ("PID",),
    "vital_status": ("PID",),
    "visit": ("PV1", "PID"),
    "visit_date": ("PV1", "PID", "EVN"),
}
"""The segments that each name looks at; MSH is always there."""
