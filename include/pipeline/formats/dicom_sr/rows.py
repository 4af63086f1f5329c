"""Writes the rows of a report."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydicom import Dataset

from include.basics.errors import RegistryError
from include.pipeline.formats.cells import cell, refuse_alike
from include.pipeline.formats.dicom_sr.content import Concept, below, items, name_of, text_of
from include.pipeline.formats.dicom_sr.named import (
    LENGTHS,
    Record,
    images_of_other_studies,
    is_of_images,
    lesion,
    status,
    time_point,
)
from include.pipeline.formats.dicom_sr.paths import ITEM, getter
from include.pipeline.formats.dicom_sr.reading import of_object
from include.pipeline.formats.dicom_sr.words import grammar, usual
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.staging.reading import csv_rows

EACH = ("report", "group")


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file: one, or one a measurement group."""
    each = asked.only(usual().get(asked.feed, {}).get("each", ""))
    if each not in EACH:
        raise RegistryError("REG-401", f"Rows of a DICOM report are each {' or each '.join(EACH)}.")
    refuse_alike(asked.columns)
    is_group = each == "group"
    getters = [getter(path, is_group=is_group) for path in asked.columns]

    def rows_of(report: Dataset) -> tuple[Counter[str], list[list[str | None]], set[str]]:
        if reason := _why_not(report):
            return Counter([reason]), [], set()
        found = list(_groups(report)) if is_group else [Record(report, report)]
        others = images_of_other_studies(report) if is_group else set()
        records = [record for record in found if not is_of_images(record, others)]
        left_out = Counter({"other_study": len(found) - len(records), "no_measurements": int(not found)})
        rows = [[cell(get(record)) for get in getters] for record in records]
        return +left_out, rows, _unasked(records, asked) if is_group else set()

    left_out, found, unasked = of_object(file, asked.feed, rows_of)
    _write(folder / "rows.csv", found, asked.feed)
    relation = csv_rows(folder / "rows.csv", asked.columns, has_header=False)
    return Rows(relation, asked.columns, left_out=left_out, unasked=unasked)


def _unasked(records: Sequence[Record], asked: Asked) -> set[str]:
    """Measurements of groups that no column names, and their time points where there are several."""
    names = (*asked.columns, *asked.beside.spoken)
    spoken = {match[3] for name in names if (match := ITEM.fullmatch(name))}
    lengths = {*grammar()["long_axis"], *grammar()["short_axis"]} if {*LENGTHS} & {*names} else set()
    told = {name_of(item) for record in records for item in items(record.node) if text_of(item, "ValueType") == "NUM"}
    unasked = {f"NUM[{one.code}]" for one in told if not any(one.is_called(name) for name in spoken | lengths)}
    points = {point for record in records for item in items(record.node) if (point := time_point(item))}
    is_spoken = any(Concept(grammar()["time_point"], "Time Point").is_called(name) for name in spoken)
    return unasked | ({f"TEXT[{grammar()['time_point']}]"} if len(points) > 1 and not is_spoken else set())


def _why_not(report: Dataset) -> str:
    """Why an object leaves no row; empty when it does."""
    if not text_of(report, "SOPClassUID").startswith("1.2.840.10008.5.1.4.1.1.88."):
        return "other_object" if text_of(report, "SOPClassUID") else _refuse()
    if name_of(report).code != grammar()["report"]:
        return "other_report" if name_of(report).code else _refuse()
    if not report.get("ContentSequence"):
        _refuse()
    return "preliminary" if status(Record(report, report)) == "preliminary" else ""


def _refuse() -> str:
    """A report must have content: one without was cut short."""
    raise EOFError


def _groups(report: Dataset) -> Iterator[Record]:
    seen: Counter[str] = Counter()
    for item in below(report):
        if text_of(item, "ValueType") == "CONTAINER" and name_of(item).code == grammar()["group"]:
            record = Record(report, item)
            seen[lesion(record)] += 1
            count = seen[lesion(record)]
            record.repeat = f"|{count}" if count > 1 else ""
            yield record


def _write(file: Path, rows: list[list[str | None]], feed: str) -> None:
    try:
        if any("\0" in (text or "") for row in rows for text in row):
            raise ValueError
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    except ValueError:
        raise RegistryError("REG-301", f"A file of {feed} has characters that are none.") from None
