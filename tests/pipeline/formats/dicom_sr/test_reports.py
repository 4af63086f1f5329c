"""Rows of exams and lesions, and what leaves none."""

from pathlib import Path
from typing import Any

import highdicom
import pytest
from highdicom.sr import CodedConcept, Measurement, QualitativeEvaluation, TimePointContext
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import EnhancedMRImageStorage, NuclearMedicineImageStorage, XRayAngiographicImageStorage

from include.basics.errors import RegistryError
from include.definitions import contracts
from include.pipeline.formats import Asked, dicom_sr
from include.pipeline.formats.dicom_sr.words import usual
from include.pipeline.formats.interface import SameFiles
from tests.pipeline.formats.dicom_sr.reports import (
    LIVER,
    LONG,
    NODE,
    ROOT,
    SHORT,
    UNITS,
    group,
    image,
    read,
    report,
    rows_of,
    written,
)

LENGTH = CodedConcept("410668003", "SCT", "Length")
EXAM = ("key", "patient", "date", "modality", "status")
LESION = ("exam", "patient", "reader", "lesion", "diameter", "status")


@pytest.mark.parametrize("kind", ["planar", "volumetric", "image"])
def test_a_row_a_report_and_a_row_a_group(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path, report(group("L1", 27.5, kind=kind), group("L2", 9, kind=kind, unit="cm")))

    assert read(tmp_path, file, EXAM, "exams") == [("ACC-5", "A-301", "2023-06-01", "CT", "final")]
    assert read(tmp_path, file, LESION) == [
        ("ACC-5", "A-301", "READER^ONE", "L1", "27.5", "final"),
        ("ACC-5", "A-301", "READER^ONE", "L2", "90", "final"),
    ]


@pytest.mark.parametrize("kind", ["planar", "volumetric", "image"])
def test_what_highdicom_reads_of_the_same_report(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path, report(*(group(f"L{n}", 10.25 + n, kind=kind) for n in range(3))))
    content: Any = highdicom.sr.srread(file).content
    groups = {
        "planar": content.get_planar_roi_measurement_groups,
        "volumetric": content.get_volumetric_roi_measurement_groups,
        "image": content.get_image_measurement_groups,
    }[kind]()

    expected = [(one.tracking_identifier, str(one.get_measurements()[0].value)) for one in groups]
    assert read(tmp_path, file, ("lesion", "NUM[Long Axis]")) == expected


def test_of_a_lymph_node_the_short_axis_is_measured(tmp_path: Path) -> None:
    lengths = ("organ", "lymph_node", "long_axis", "short_axis", "diameter")
    node = group("N1", 11, concept=SHORT, site=NODE)
    spleen = group("S1", 12, site=CodedConcept("78961009", "SCT", "Spleen"))
    file = written(tmp_path, report(node, group("L1", 27.5), spleen, group("X1", 8, site=None)))

    assert read(tmp_path, file, lengths) == [
        ("lymph_node", "yes", None, "11.0", "11.0"),
        ("liver", "no", "27.5", None, "27.5"),
        ("78961009", "no", "12.0", None, "12.0"),
        (None, None, "8.0", None, "8.0"),
    ]


@pytest.mark.parametrize(("other", "diameter"), [(36, "30.0+36.0"), (30, "30.0")])
def test_two_measurements_of_one_length_are_both_told(tmp_path: Path, other: float, diameter: str) -> None:
    file = written(tmp_path, report(group("L1", 30, more=[Measurement(LONG, other, UNITS["mm"])])))

    assert read(tmp_path, file, ("diameter", "NUM[Long Axis].mm")) == [(diameter, diameter)]


def test_a_length_of_a_line_is_a_diameter(tmp_path: Path) -> None:
    file = written(tmp_path, report(group("L1", 12, concept=LENGTH)))

    assert read(tmp_path, file, ("diameter",)) == [("12.0",)]


@pytest.mark.parametrize(
    ("columns", "spoken", "unasked"),
    [
        (("diameter",), (), {"NUM[118565006]"}),
        (("diameter", "NUM[volume]"), (), set()),
        (("diameter",), ("NUM[118565006]",), set()),
        (("lesion",), (), {"NUM[118565006]", "NUM[103339001]"}),
    ],
)
def test_measurements_that_nobody_names_are_told(
    tmp_path: Path, columns: tuple[str, ...], spoken: tuple[str, ...], unasked: set[str]
) -> None:
    volume = Measurement(CodedConcept("118565006", "SCT", "Volume"), 5, codes.UCUM.CubicMillimeter)
    file = written(tmp_path, report(group("L1", 30, more=[volume])))
    asked = Asked("lesions", columns, beside=SameFiles(spoken=frozenset(spoken)))

    assert dicom_sr.read(file, asked, tmp_path).unasked == unasked


def earlier_image() -> Dataset:
    """An image of the study before."""
    made = image()
    made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID = ROOT + "22", ROOT + "23", ROOT + "21"
    return made


def test_what_was_measured_on_an_earlier_study_is_no_row_of_this_one(tmp_path: Path) -> None:
    earlier = earlier_image()
    groups = (group("L1", 27.5), group("L1", 22, of=earlier))
    rows = dicom_sr.read(
        written(tmp_path, report(*groups, also=[earlier])), Asked("lesions", ("key", "diameter")), tmp_path
    )
    assert (rows_of(rows), rows.left_out) == ([("ACC-5|READER^ONE|L1", "27.5")], {"other_study": 1})


def test_a_report_of_two_requests_keeps_the_groups_of_both_studies(tmp_path: Path) -> None:
    chest, request = image(), Dataset()
    chest.SOPInstanceUID, chest.StudyInstanceUID = ROOT + "11", ROOT + "12"
    request.StudyInstanceUID = ROOT + "12"
    made = report(group("L1", 27.5), group("L2", 9, of=chest), also=[chest], ReferencedRequestSequence=[request])

    assert read(tmp_path, written(tmp_path, made), ("diameter",)) == [("27.5",), ("9.0",)]


def test_a_report_in_a_study_of_its_own_keeps_its_groups(tmp_path: Path) -> None:
    file = written(tmp_path, report(group("L1", 27.5), StudyInstanceUID=ROOT + "99"))
    assert read(tmp_path, file, ("diameter",)) == [("27.5",)]


@pytest.mark.parametrize(("spoken", "unasked"), [((), {"TEXT[C2348792]"}), (("TEXT[Time Point]",), set())])
def test_several_time_points_are_told(tmp_path: Path, spoken: tuple[str, ...], unasked: set[str]) -> None:
    groups = [group("L1", number) for number in (27, 22)]
    for place, one in enumerate(groups):
        one[0].ContentSequence.extend(TimePointContext(time_point=f"TP{place}"))
    asked = Asked("lesions", ("diameter",), beside=SameFiles(spoken=frozenset(spoken)))

    assert dicom_sr.read(written(tmp_path, report(*groups)), asked, tmp_path).unasked == unasked


def test_codes_of_older_reports(tmp_path: Path) -> None:
    old = CodedConcept("G-A185", "SRT", "Long Axis")
    file = written(tmp_path, report(group("L1", 27.5, concept=old, site=CodedConcept("T-62000", "SRT", "Liver"))))

    assert read(tmp_path, file, ("diameter", "site", "organ")) == [("27.5", "10200004", "liver")]


def test_items_are_asked_for_by_code_or_by_meaning(tmp_path: Path) -> None:
    target = QualitativeEvaluation(
        CodedConcept("RID49502", "RADLEX", "Clinical finding"), CodedConcept("112075", "DCM", "Non-Target Lesion")
    )
    file = written(tmp_path, report(group("L1", 2.75, unit="cm", evaluations=[target])))
    paths = {
        "NUM[103339001]": "2.75",
        "NUM[long axis].unit": "cm",
        "NUM[Long Axis].mm": "27.5",
        "CODE[RID49502]": "112075",
        "CODE[Clinical finding].meaning": "Non-Target Lesion",
        "lesion_kind": "non_target",
        "TEXT[112039]": "L1",
        "NUM[81827009]": None,
        "report.CODE[121058].meaning": "CT",
        "StudyInstanceUID": ROOT + "2",
        "SeriesDescription": None,
        "tracking_uid": ROOT + "9",
        "finding": "52988006",
        "time": "2023-06-01T09:00:00",
        "birth_date": "1950-01-01",
        "PatientSex": "F",
    }

    assert read(tmp_path, file, paths) == [tuple(paths.values())]


def test_groups_of_one_lesion_have_keys_of_their_own(tmp_path: Path) -> None:
    file = written(tmp_path, report(group("L1", 27.5), group("L1", 20), group("L2", 5)))

    keys = [key for (key,) in read(tmp_path, file, ["key"])]
    assert keys == ["ACC-5|READER^ONE|L1", "ACC-5|READER^ONE|L1|2", "ACC-5|READER^ONE|L2"]


def predecessor() -> list[Dataset]:
    """What a corrected report follows."""
    made = Dataset()
    made.StudyInstanceUID = ROOT + "2"
    return [made]


@pytest.mark.parametrize(
    ("attributes", "row"),
    [
        ({"AccessionNumber": ""}, (ROOT + "2", "A-301", "2023-06-01", "CT", "final")),
        ({"StudyDate": ""}, None),
        ({"StudyDate": "2023.06.02"}, ("ACC-5", "A-301", "2023-06-02", "CT", "final")),
        ({"PredecessorDocumentsSequence": predecessor()}, ("ACC-5", "A-301", "2023-06-01", "CT", "corrected")),
    ],
)
def test_the_row_of_a_report(tmp_path: Path, attributes: dict[str, Any], row: tuple[str, ...] | None) -> None:
    made = report(group("L1", 27.5), **attributes)
    day = made.ContentDate.isoformat()

    assert read(tmp_path, written(tmp_path, made), EXAM, "exams") == [row or ("ACC-5", "A-301", day, "CT", "final")]


@pytest.mark.parametrize(
    ("sop_class", "modality"),
    [
        (EnhancedMRImageStorage, "MR"),
        (NuclearMedicineImageStorage, "NM"),
        (XRayAngiographicImageStorage, "CT"),
    ],
)
def test_the_modality_is_that_of_the_images_else_of_the_procedure(
    tmp_path: Path, sop_class: str, modality: str
) -> None:
    of = image(sop_class)
    file = written(tmp_path, report(group("L1", 27.5, kind="image", of=of), of=of))

    assert read(tmp_path, file, ["modality"], "exams") == [(modality,)]


def no_groups() -> Dataset:
    """A report without groups."""
    made = report(group("L1", 1))
    measurements = made.ContentSequence[-1]
    del measurements.ContentSequence
    return made


def other_report() -> Dataset:
    """A report of doses."""
    made = report(group("L1", 1))
    made.ConceptNameCodeSequence[0].CodeValue = "113701"
    return made


@pytest.mark.parametrize(
    ("made", "feed", "reason"),
    [
        (no_groups, "lesions", "no_measurements"),
        (other_report, "lesions", "other_report"),
        (other_report, "exams", "other_report"),
        (lambda: report(group("L1", 1), SOPClassUID="1.2.840.10008.5.1.4.1.1.2"), "exams", "other_object"),
        (lambda: report(group("L1", 1), PreliminaryFlag="PRELIMINARY"), "exams", "preliminary"),
        (lambda: report(group("L1", 1), CompletionFlag="PARTIAL"), "lesions", "preliminary"),
    ],
)
def test_what_leaves_no_row_is_counted(tmp_path: Path, made: Any, feed: str, reason: str) -> None:
    rows = dicom_sr.read(written(tmp_path, made()), Asked(feed, ("key", "patient")), tmp_path)

    assert (rows_of(rows), rows.left_out) == ([], {reason: 1})


@pytest.mark.parametrize("path", ["nothing", "NUM[]", "NUM[x].grams", "Patientid", "lesion[1]", ""])
def test_what_is_no_path_is_told(tmp_path: Path, path: str) -> None:
    with pytest.raises(RegistryError) as error:
        read(tmp_path, written(tmp_path, report(group("L1", 1))), [path])

    assert error.value.code == "REG-401"


def test_a_lesion_is_not_asked_of_a_report(tmp_path: Path) -> None:
    with pytest.raises(RegistryError) as error:
        read(tmp_path, written(tmp_path, report(group("L1", 1))), ["lesion"], "exams")

    assert error.value.code == "REG-401"


def test_usual_columns_are_those_of_the_contracts() -> None:
    for feed, given in usual().items():
        assert set(given["columns"]) <= set(contracts.read(feed).names)
    assert (LIVER.value, LONG.value) == ("10200004", "103339001")
