"""Names of what a profile may ask for: docs/formats/dicom_sr.md explains each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydicom import Dataset

from include.pipeline.formats.dicom_sr.content import below, concept, find, items, name_of, numbers, said, text_of
from include.pipeline.formats.dicom_sr.words import grammar


@dataclass
class Record:
    """What becomes a row: a report, or a measurement group of it; `repeat` tells groups of one lesion apart."""

    report: Dataset
    node: Dataset
    repeat: str = ""


def exam(record: Record) -> str:
    """The accession number, else the UID of the study."""
    return text_of(record.report, "AccessionNumber") or text_of(record.report, "StudyInstanceUID")


def key(record: Record) -> str:
    """Of a report its exam, of a group also who has read it and the lesion: a corrected report has the same."""
    if record.node is record.report:
        return exam(record)
    return f"{exam(record)}|{reader(record)}|{lesion(record)}{record.repeat}"


def lesion(record: Record) -> str:
    """The tracking identifier, else the tracking UID."""
    return _said(record, "TEXT", "tracking_id") or _said(record, "UIDREF", "tracking_uid")


def reader(record: Record) -> str:
    """Who has read: a person of the group or of the report, who has verified it, else a device."""
    for kind, name in (("PNAME", "person_observer"), ("TEXT", "device_observer")):
        for node in (record.node, record.report):
            if found := said(find(node, kind, grammar()[name])):
                return found
        verified = record.report.get("VerifyingObserverSequence")
        if verified and (found := text_of(verified[0], "VerifyingObserverName")):
            return found
    return ""


def date(record: Record) -> str:
    """The day of the study, else of the report."""
    return _day(text_of(record.report, "StudyDate") or text_of(record.report, "ContentDate"))


def time(record: Record) -> str:
    """When the study began."""
    clock = text_of(record.report, "StudyTime")
    seconds = f":{clock[4:]}" if len(clock) > 4 else ""
    zone = text_of(record.report, "TimezoneOffsetFromUTC")
    return f"{date(record)}T{clock[:2]}:{clock[2:4]}{seconds}{zone}" if clock[:4].isdigit() else date(record)


def birth_date(record: Record) -> str:
    """The day of birth."""
    return _day(text_of(record.report, "PatientBirthDate"))


def _day(written: str) -> str:
    digits = written.replace(".", "")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 else written


def modality(record: Record) -> str:
    """That of the images that the report is about, else of the procedure that it reports."""
    known, classes = grammar()["procedures"], grammar()["classes"]
    images = {classes.get(str(e.value)) for e in record.report.iterall() if e.keyword == "ReferencedSOPClassUID"}
    if found := _foremost(images):
        return found
    told = [
        i for i in below(record.report) if name_of(i).code in (grammar()["modality"], grammar()["procedure_reported"])
    ]
    codes = [concept(item, "ConceptCodeSequence").code for item in told]
    return _foremost([known.get(code, code) for code in codes])


def _foremost(found: Iterable[str | None]) -> str:
    names = set(found)
    return next((name for name in grammar()["modalities"] if name in names), "")


def status(record: Record) -> str:
    """preliminary, final; corrected of a report that follows another."""
    report = record.report
    if text_of(report, "PreliminaryFlag") == "PRELIMINARY" or text_of(report, "CompletionFlag") == "PARTIAL":
        return "preliminary"
    return "corrected" if report.get("PredecessorDocumentsSequence") else "final"


def images_of_other_studies(report: Dataset) -> set[str]:
    """The images of other studies that a report looked at, as those of an earlier time point are.

    A report may answer several requests, each with its study. Nobody knows where it looked at none of these.
    """
    evidence = ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")
    studies = {
        text_of(image, "ReferencedSOPInstanceUID"): text_of(study, "StudyInstanceUID")
        for name in evidence
        for study in report.get(name) or ()
        for series in study.get("ReferencedSeriesSequence") or ()
        for image in series.get("ReferencedSOPSequence") or ()
    }
    requests = report.get("ReferencedRequestSequence") or ()
    own = {text_of(one, "StudyInstanceUID") for one in (report, *requests)}
    return set() if own.isdisjoint(studies.values()) else {image for image in studies if studies[image] not in own}


def is_of_images(group: Record, images: set[str]) -> bool:
    """Whether a group was measured on some images alone."""
    found = {str(e.value) for e in group.node.iterall() if e.keyword == "ReferencedSOPInstanceUID"}
    return bool(found) and found <= images


def time_point(item: Dataset) -> str:
    """What an item says of the time point of its group."""
    return said(item) if name_of(item).code == grammar()["time_point"] else ""


def site(record: Record) -> str:
    """The code of the finding's site: the group's own, else that of a measurement of it."""
    for node in (record.node, *items(record.node)):
        if found := find(node, "CODE", grammar()["site"]):
            return said(found)
    return ""


def organ(record: Record) -> str:
    """The contract's word for the site; of another site its code."""
    return str(grammar()["organs"].get(site(record), site(record)))


def lymph_node(record: Record) -> str:
    """yes, no; empty where no site is given."""
    return {"": "", "lymph_node": "yes"}.get(organ(record), "no")


def finding(record: Record) -> str:
    """The code of the finding."""
    return _said(record, "CODE", "finding")


def lesion_kind(record: Record) -> str:
    """target or non_target, where a coded item of the group says so."""
    codes = [concept(item, "ConceptCodeSequence").code for item in items(record.node)]
    return next((kind for code, kind in grammar()["lesion_kinds"].items() if code in codes), "")


def long_axis(record: Record) -> str:
    """The longest diameter in mm."""
    return _length(record, grammar()["long_axis"])


def short_axis(record: Record) -> str:
    """The short axis in mm."""
    return _length(record, grammar()["short_axis"])


def diameter(record: Record) -> str:
    """What the contract measures: of a lymph node the short axis, else the longest diameter; in mm."""
    return short_axis(record) if lymph_node(record) == "yes" else long_axis(record)


def _length(record: Record, codes: Iterable[str]) -> str:
    return next((found for code in codes if (found := numbers(record.node, code, "mm"))), "")


def _said(record: Record, kind: str, name: str) -> str:
    return said(find(record.node, kind, grammar()[name]))


LENGTHS: dict[str, Callable[[Record], str]] = {
    "long_axis": long_axis,
    "short_axis": short_axis,
    "diameter": diameter,
}
OF_REPORT: dict[str, Callable[[Record], str]] = {
    "key": key,
    "exam": exam,
    "patient": lambda record: text_of(record.report, "PatientID"),
    "birth_date": birth_date,
    "date": date,
    "time": time,
    "modality": modality,
    "reader": reader,
    "status": status,
}
OF_GROUP: dict[str, Callable[[Record], str]] = {
    "lesion": lesion,
    "tracking_uid": lambda record: _said(record, "UIDREF", "tracking_uid"),
    "finding": finding,
    "site": site,
    "organ": organ,
    "lymph_node": lymph_node,
    "lesion_kind": lesion_kind,
    **LENGTHS,
}
