"""The content of a report: a tree of items, each with the concept that it says something of."""

from collections.abc import Iterator
from typing import NamedTuple

from pydicom import Dataset

from include.pipeline.formats.cells import joined
from include.pipeline.formats.dicom_sr.words import grammar
from include.pipeline.formats.quantities import converted


class Concept(NamedTuple):
    """A code, by SNOMED CT where an old report has one of SNOMED RT, and what it means."""

    code: str
    meaning: str

    def is_called(self, name: str) -> bool:
        """Whether a profile means it: by its code, or by its meaning."""
        return name == self.code or name.casefold() == self.meaning.casefold()


CODES = ("CodeValue", "LongCodeValue", "URNCodeValue")


def text_of(dataset: Dataset | None, keyword: str) -> str:
    """An attribute as text, with the digits as written; empty where there is none."""
    value = dataset.get(keyword) if dataset is not None else None
    if value is None or isinstance(value, list | Dataset | bytes):
        return ""
    return str(value).strip()


def first(dataset: Dataset, keyword: str) -> Dataset | None:
    """The first item of a sequence."""
    return next(iter(dataset.get(keyword) or ()), None)


def concept(dataset: Dataset, keyword: str) -> Concept:
    """The concept that a code sequence names."""
    item = first(dataset, keyword)
    code = next(
        (found for name in ("CodeValue", "LongCodeValue", "URNCodeValue") if (found := text_of(item, name))), ""
    )
    return Concept(grammar()["old_codes"].get(code, code), text_of(item, "CodeMeaning"))


def name_of(item: Dataset) -> Concept:
    """What an item says something of."""
    return concept(item, "ConceptNameCodeSequence")


def items(dataset: Dataset) -> list[Dataset]:
    """The items that an item holds."""
    return list(dataset.get("ContentSequence") or ())


def below(dataset: Dataset) -> Iterator[Dataset]:
    """All items below an item, each before what it holds."""
    for item in items(dataset):
        yield item
        yield from below(item)


def find_all(dataset: Dataset, kind: str, name: str) -> Iterator[Dataset]:
    """The items of a value type and concept among those that an item holds."""
    return (one for one in items(dataset) if text_of(one, "ValueType") == kind and name_of(one).is_called(name))


def find(dataset: Dataset, kind: str, name: str) -> Dataset | None:
    """The first of them."""
    return next(find_all(dataset, kind, name), None)


def said(item: Dataset | None) -> str:
    """What an item of text, a name, a UID or a code says."""
    if item is None:
        return ""
    plain = (text_of(item, name) for name in ("TextValue", "PersonName", "UID", "DateTime", "Date", "Time"))
    return next((one for one in plain if one), concept(item, "ConceptCodeSequence").code)


def numbers(dataset: Dataset, name: str, unit: str = "") -> str:
    """The measurements of a concept that an item holds, in a unit where one is given; different ones joined by +."""
    found = (measured(item) for item in find_all(dataset, "NUM", name))
    return joined((converted(number, given, unit) or "") if unit else number for number, given in found if number)


def measured(item: Dataset) -> tuple[str, str]:
    """Number and unit of a measurement."""
    value = first(item, "MeasuredValueSequence")
    if value is None:
        return "", ""
    return text_of(value, "NumericValue"), concept(value, "MeasurementUnitsCodeSequence").code
