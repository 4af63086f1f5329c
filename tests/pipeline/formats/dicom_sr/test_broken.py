"""Files that are cut short, changed at random or made to burst, and what of a good one is copied."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pydicom
import pytest
from highdicom.sr import CodedConcept, PnameContentItem, RelationshipTypeValues
from pydicom import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import dicom_sr
from include.pipeline.formats.dicom_sr.words import grammar
from tests.pipeline.formats.dicom_sr.reports import group, read, report, written
from tests.support.examples import TIMES

COLUMNS = ("key", "patient", "date", "diameter", "organ", "NUM[Long Axis].unit")


@pytest.fixture(scope="module")
def content() -> bytes:
    """A good report."""
    out = io.BytesIO()
    report(group("L1", 27.5), group("L2", 3, unit="cm")).save_as(out, enforce_file_format=True)
    return out.getvalue()


def outcome(folder: Path, content: bytes, feed: str = "lesions") -> list[tuple[str, ...]] | str:
    """The rows of a file, or the code of what is wrong with it."""
    file = folder / "a.dcm"
    file.write_bytes(content)
    columns = COLUMNS if feed == "lesions" else COLUMNS[:3]
    try:
        return read(folder, file, columns, feed)
    except RegistryError as error:
        return error.code


def test_a_file_that_was_cut_short_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    whole = outcome(tmp_path, content)
    cuts = {Random(number).randrange(len(content)) for number in range(150 * TIMES)}  # noqa: S311
    cuts |= {*range(len(content) - 40, len(content))}

    assert len(whole) == 2
    assert {str(outcome(tmp_path, content[:cut])) for cut in sorted(cuts)} == {"REG-301"}


def mutants(content: bytes) -> Iterator[bytes]:
    """Changed files, the same in every run."""
    for number in range(100 * TIMES):
        random = Random(number)  # noqa: S311
        made = bytearray(content)
        for _ in range(random.choice((1, 1, 5, 50))):
            place = random.randrange(len(made))
            made[place : place + random.choice((0, 1, 1, 4))] = random.randbytes(random.choice((0, 1, 1, 4)))
        yield bytes(made)


def test_a_file_that_was_changed_at_random_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    found = [outcome(tmp_path, mutant, feed) for mutant in mutants(content) for feed in ("lesions", "exams")]

    assert {one for one in found if isinstance(one, str)} <= {"REG-301", "REG-306"}
    assert any(isinstance(one, list) and one for one in found)
    for mutant in list(mutants(content))[:20]:
        (tmp_path / "a.dcm").write_bytes(mutant)
        dicom_sr.without_personal(tmp_path / "a.dcm", tmp_path / "b.dcm", (), Dialect())


@pytest.mark.parametrize("bytes_", [b"", b"patient_id,value\n", b"\0" * 128 + b"DICM", b"\0" * 200, b"x" * 5000])
def test_what_is_no_dicom_object(tmp_path: Path, bytes_: bytes) -> None:
    assert outcome(tmp_path, bytes_) == "REG-301"


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_other_transfer_syntaxes(tmp_path: Path, content: bytes, syntax: str) -> None:
    made = pydicom.dcmread(io.BytesIO(content))
    made.file_meta.TransferSyntaxUID = syntax
    out = io.BytesIO()
    pydicom.dcmwrite(
        out, made, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=True, enforce_file_format=True
    )

    assert outcome(tmp_path, out.getvalue()) == outcome(tmp_path, content)


def meta_length(content: bytes) -> int:
    """How long the first group is behind the element that says so."""
    return int(pydicom.dcmread(io.BytesIO(content)).file_meta.FileMetaInformationGroupLength)


def test_what_inflates_too_far(tmp_path: Path, content: bytes) -> None:
    made = pydicom.dcmread(io.BytesIO(content))
    made.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    out = io.BytesIO()
    made.save_as(out, enforce_file_format=True)
    head = out.getvalue()[: 144 + meta_length(out.getvalue())]
    bomb = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)

    assert (
        outcome(tmp_path, head + bomb.compress(bytes(int(grammar()["largest_bytes"]) + 1)) + bomb.flush()) == "REG-306"
    )


def test_sequences_that_are_nested_too_deep(tmp_path: Path, content: bytes) -> None:
    item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff"

    assert outcome(tmp_path, content + b"\x40\x00\x40\xa7SQ\0\0\xff\xff\xff\xff" + item * 3000) in (
        "REG-301",
        "REG-306",
    )


def test_what_names_a_person_is_not_copied(tmp_path: Path) -> None:
    made = report(group("L1", 27.5), PatientComments="SECRET", OtherPatientIDsSequence=[Dataset()])
    subject = CodedConcept("121029", "DCM", "Subject Name")
    made.ContentSequence.append(PnameContentItem(subject, "SECRET^", RelationshipTypeValues.HAS_OBS_CONTEXT))
    made.private_block(0x0011, "SECRET", create=True).add_new(1, "LO", "SECRET")
    file, target = written(tmp_path, made), tmp_path / "b.dcm"
    columns = ("patient", "reader", "PatientSex", "birth_date", *COLUMNS[2:])
    before = read(tmp_path, file, columns)

    assert dicom_sr.without_personal(file, target, ["StudyID"], Dialect())
    assert b"SECRET" not in target.read_bytes()
    assert read(tmp_path, target, columns) == before
    assert read(tmp_path, target, ["StudyID"]) == [(None,)]
    assert not dicom_sr.without_personal(target, tmp_path / "c.dcm", ["StudyID"], Dialect())
    assert not (tmp_path / "c.dcm").exists()


def test_what_cannot_be_read_is_not_copied(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.dcm"
    file.write_bytes(content[:-200])

    assert not dicom_sr.without_personal(file, tmp_path / "b.dcm", (), Dialect())
    assert not (tmp_path / "b.dcm").exists()
