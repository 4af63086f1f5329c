"""Takes away what names a person: names, addresses, private attributes, the names of subjects in the content."""

from collections.abc import Collection, Iterable
from pathlib import Path

from pydicom import Dataset

from include.basics.errors import RegistryError
from include.pipeline.formats.dicom_sr.content import items, name_of
from include.pipeline.formats.dicom_sr.reading import of_object
from include.pipeline.formats.dicom_sr.words import grammar


def copy(file: Path, target: Path, personal: Collection[str]) -> bool:
    """Copy a file; False, and nothing is written, when there is nothing to take away or it cannot be read."""

    def write(dataset: Dataset) -> bool:
        if not _strip(dataset, personal):
            return False
        dataset.save_as(target, enforce_file_format=True)
        return True

    try:
        return of_object(file, "DICOM", write)
    except RegistryError:
        target.unlink(missing_ok=True)
        return False


def _strip(dataset: Dataset, personal: Iterable[str]) -> bool:
    """Take away what names a person from an object and all its sequences; whether there was any."""
    given = grammar()["personal"]
    changes = [_empty(dataset, name) for name in given["emptied"]]
    changes += [_drop(dataset, name) for name in (*given["dropped"], *personal)]
    changes += [_drop_private(dataset), _drop_subjects(dataset)]
    nested = [item for element in dataset if element.VR == "SQ" for item in element.value]
    return sum([*changes, *[_strip(item, personal) for item in nested]]) > 0


def _empty(dataset: Dataset, name: str) -> bool:
    if not dataset.get(name):
        return False
    setattr(dataset, name, "")
    return True


def _drop(dataset: Dataset, name: str) -> bool:
    if name not in dataset:
        return False
    delattr(dataset, name)
    return True


def _drop_private(dataset: Dataset) -> bool:
    private = [element.tag for element in dataset if element.tag.is_private]
    for tag in private:
        del dataset[tag]
    return bool(private)


def _drop_subjects(dataset: Dataset) -> bool:
    found = items(dataset)
    kept = [item for item in found if name_of(item).code not in grammar()["personal"]["subjects"]]
    if len(kept) == len(found):
        return False
    dataset.ContentSequence = kept
    return True
