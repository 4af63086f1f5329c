"""What cBioPortal asks of a clinical study (docs.cbioportal.org, File Formats), and what its validator lets pass.

Each check yields what is wrong, by file and attribute, never by a cell.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

Rows = list[dict[str, str]]

HEADER = 4
ID = re.compile(r"[A-Za-z0-9._-]+")
DATE = re.compile(r"\b(19|20)\d\d-\d\d")
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
DAY = re.compile(r"-?\d+")
TYPES = {"STRING", "NUMBER", "BOOLEAN"}
STATUSES = {"OS": ("0:LIVING", "1:DECEASED"), "PFS": ("0:CENSORED", "1:PROGRESSION")}
TIMELINE = ("PATIENT_ID", "START_DATE", "STOP_DATE", "EVENT_TYPE")


def check_study(folder: Path) -> list[str]:
    """What is wrong with the files of a study; nothing when it can be loaded and says what it means."""
    patients, samples = _clinical(folder / "data_clinical_patient.txt"), _clinical(folder / "data_clinical_sample.txt")
    if found := [*patients[0], *samples[0]]:
        return found
    found = [*_ids(patients[1], samples[1]), *_survival(patients[1])]
    known = {row["PATIENT_ID"] for row in patients[1]}
    for file in sorted(folder.glob("data_timeline_*.txt")):
        found += _timeline(file.name, _read(file.read_text(encoding="utf-8").splitlines()), known)
    found += [*_metas(folder), *_case_list(folder, {row["SAMPLE_ID"] for row in samples[1]})]
    found += [f"{file.name}: a calendar date" for file in folder.glob("*.txt") if DATE.search(file.read_text("utf-8"))]
    return found


def _read(lines: list[str]) -> Rows:
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restkey="", restval="\t"))


def _clinical(file: Path) -> tuple[list[str], Rows]:
    """The problems of a clinical file's form, and its rows."""
    lines = file.read_text(encoding="utf-8").splitlines()
    head, rows = lines[:HEADER], _read(lines[HEADER:])
    names = lines[HEADER].split("\t") if len(lines) > HEADER else []
    found = []
    if len(head) < HEADER or not all(line.startswith("#") for line in head) or not names or names[0].startswith("#"):
        found.append(f"{file.name}: not four lines with # above the attributes' names")
    if any(len(line.split("\t")) != len(names) for line in lines):
        found.append(f"{file.name}: lines of different lengths")
    if found:
        return found, rows
    found += [f"{file.name}: {name} is no name of an attribute" for name in names if not NAME.fullmatch(name)]
    found += [f"{file.name}: {name} is there twice" for name in sorted({n for n in names if names.count(n) > 1})]
    types = dict(zip(names, head[2].lstrip("#").split("\t"), strict=True))
    found += [f"{file.name}: {name} has an unknown type" for name, kind in types.items() if kind not in TYPES]
    for name in (name for name, kind in types.items() if kind == "NUMBER"):
        if not all(NUMBER.fullmatch(row[name]) for row in rows if row[name]):
            found.append(f"{file.name}: {name} holds what is no number")
    return found, rows


def _ids(patients: Rows, samples: Rows) -> Iterator[str]:
    people, of_samples = [row["PATIENT_ID"] for row in patients], [row["PATIENT_ID"] for row in samples]
    keys = [row["SAMPLE_ID"] for row in samples]
    if len({*people}) < len(people):
        yield "a PATIENT_ID is there twice"
    if len({*keys}) < len(keys):
        yield "a SAMPLE_ID is there twice"
    if {*people} != {*of_samples}:
        yield "a patient has no sample, or a sample no patient"
    if not all(ID.fullmatch(key) for key in (*people, *keys)):
        yield "an id has other characters than letters, digits, . _ -"


def _survival(patients: Rows) -> Iterator[str]:
    for prefix, allowed in STATUSES.items():
        for row in patients:
            status, months = row.get(f"{prefix}_STATUS", ""), row.get(f"{prefix}_MONTHS", "")
            if status and status not in allowed:
                yield f"{prefix}_STATUS is none of {', '.join(allowed)}"
            if months and not status:
                yield f"{prefix}_MONTHS without {prefix}_STATUS"
            if status == allowed[0] and not months:
                yield f"{prefix}_STATUS {allowed[0]} without {prefix}_MONTHS"
            if months.startswith("-"):
                yield f"{prefix}_MONTHS is negative"


def _timeline(name: str, rows: Rows, known: set[str]) -> Iterator[str]:
    for row in rows:
        if missing := [column for column in TIMELINE if column not in row]:
            yield f"{name}: {', '.join(missing)} is missing"
            return
        start, stop = row["START_DATE"], row["STOP_DATE"]
        if row["PATIENT_ID"] not in known:
            yield f"{name}: a patient that the study does not have"
        if not DAY.fullmatch(start) or (stop and not DAY.fullmatch(stop)):
            yield f"{name}: a day that is no whole number"
        elif stop and int(stop) < int(start):
            yield f"{name}: a stop before its start"
        if not row["EVENT_TYPE"]:
            yield f"{name}: an event without type"


def _metas(folder: Path) -> Iterator[str]:
    studies = set()
    for file in [*folder.glob("meta_*.txt"), *folder.glob("case_lists/*.txt")]:
        told = _told(file)
        studies.add(told.get("cancer_study_identifier"))
        if "data_filename" in told and not (folder / told["data_filename"]).is_file():
            yield f"{file.name}: no such data file"
    if len(studies) != 1 or not (folder / "meta_study.txt").is_file():
        yield "meta files of several studies, or of none"


def _case_list(folder: Path, samples: set[str]) -> Iterator[str]:
    if {*_told(folder / "case_lists" / "cases_all.txt").get("case_list_ids", "").split("\t")} != samples:
        yield "cases_all.txt: not the samples of the study"


def _told(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {name: value for name, _, value in (line.partition(": ") for line in lines)}
