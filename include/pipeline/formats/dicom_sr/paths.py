"""What a profile asks for, as functions of a record: names, attributes by keyword, items by their concept.

`NUM[Long Axis].mm` is a measurement of the group, `report.CODE[121058]` an item of the report itself.
"""

import re
from collections.abc import Callable

from pydicom.datadict import tag_for_keyword

from include.basics.errors import RegistryError
from include.pipeline.formats.dicom_sr.content import concept, find, measured, numbers, said, text_of
from include.pipeline.formats.dicom_sr.named import OF_GROUP, OF_REPORT, Record
from include.pipeline.formats.quantities import UNITS

ITEM = re.compile(
    r"(report\.)?(NUM|CODE|TEXT|PNAME|UIDREF|DATE|TIME|DATETIME)\[([^\]]+)\]"
    rf"(?:\.(unit|meaning|{'|'.join(UNITS)}))?"
)
Get = Callable[[Record], str | None]


def getter(path: str, *, is_group: bool) -> Get:
    """A function that takes what a path names; raises RegistryError REG-401 when it names nothing."""
    named = {**OF_REPORT, **OF_GROUP} if is_group else OF_REPORT
    if path in named:
        return named[path]
    if match := ITEM.fullmatch(path):
        return _item(is_report=bool(match[1]), kind=match[2], name=match[3], ending=match[4] or "")
    if path[:1].isupper() and tag_for_keyword(path) is not None:
        return lambda record: text_of(record.report, path)
    raise RegistryError("REG-401", f"{path} is neither a name nor an attribute nor an item of a DICOM report.")


def _item(*, is_report: bool, kind: str, name: str, ending: str) -> Get:
    def get(record: Record) -> str | None:
        node = record.report if is_report else record.node
        if kind == "NUM" and ending != "unit":
            return numbers(node, name, ending)
        item = find(node, kind, name)
        if ending == "meaning":
            return concept(item, "ConceptCodeSequence").meaning if item is not None else None
        if ending == "unit":
            return measured(item)[1] if item is not None else None
        return said(item)

    return get
