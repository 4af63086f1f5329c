"""Measurement reports as a workstation writes them, by highdicom."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from highdicom.sr import (
    CodedConcept,
    Comprehensive3DSR,
    FindingSite,
    GraphicTypeValues,
    ImageRegion,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TrackingIdentifier,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage

from include.pipeline.formats import Asked, Rows, dicom_sr

ROOT = "1.2.826.0.1.3680043.8.498."
LONG, SHORT = CodedConcept("103339001", "SCT", "Long Axis"), CodedConcept("103340004", "SCT", "Short Axis")
LIVER, NODE = CodedConcept("10200004", "SCT", "Liver"), CodedConcept("59441001", "SCT", "Lymph node")
LESION = CodedConcept("52988006", "SCT", "Lesion")
UNITS = {"mm": codes.UCUM.Millimeter, "cm": codes.UCUM.Centimeter, "um": codes.UCUM.Micrometer}


def image(sop_class: str = CTImageStorage) -> Dataset:
    """An image that was measured on."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = sop_class, ROOT + "1"
    made.StudyInstanceUID, made.SeriesInstanceUID = ROOT + "2", ROOT + "3"
    made.FrameOfReferenceUID = ROOT + "6"
    made.PatientID, made.PatientName, made.PatientSex = "A-301", "SECRET^NAME", "F"
    made.PatientBirthDate, made.AccessionNumber, made.StudyID = "19500101", "ACC-5", "1"
    made.StudyDate, made.StudyTime, made.ReferringPhysicianName = "20230601", "090000", "SECRET"
    made.Rows = made.Columns = 64
    return made


def group(
    name: str,
    number: float,
    *,
    kind: str = "planar",
    concept: CodedConcept = LONG,
    unit: str = "mm",
    site: CodedConcept | None = LIVER,
    evaluations: Sequence[QualitativeEvaluation] = (),
    of: Dataset | None = None,
    more: Sequence[Measurement] = (),
) -> Any:
    """A measurement group of a lesion."""
    source = of or image()
    common: dict[str, Any] = {
        "tracking_identifier": TrackingIdentifier(uid=ROOT + "9", identifier=name),
        "finding_type": LESION,
        "finding_sites": [FindingSite(site)] if site else None,
        "measurements": [Measurement(concept, number, UNITS[unit]), *more],
        "qualitative_evaluations": list(evaluations),
    }
    region = SourceImageForRegion(source.SOPClassUID, source.SOPInstanceUID)
    line = np.array([[1.0, 1.0], [1.0, 2.0]])
    if kind == "planar":
        shape = ImageRegion(GraphicTypeValues.POLYLINE, line, source_image=region)
        return PlanarROIMeasurementsAndQualitativeEvaluations(referenced_region=shape, **common)
    if kind == "volumetric":
        return VolumetricROIMeasurementsAndQualitativeEvaluations(
            referenced_regions=[ImageRegion(GraphicTypeValues.POLYLINE, line, source_image=region)], **common
        )
    images = [SourceImageForMeasurementGroup(source.SOPClassUID, source.SOPInstanceUID)]
    return MeasurementsAndQualitativeEvaluations(source_images=images, **common)


def report(
    *groups: Any, reader: str = "READER^ONE", of: Dataset | None = None, also: Sequence[Dataset] = (), **attributes: Any
) -> Dataset:
    """A whole report on an image, and others that it looked at; `attributes` replace those of DICOM."""
    observer = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes(reader))
    content = MeasurementReport(
        observation_context=ObservationContext(observer_person_context=observer),
        procedure_reported=CodedConcept("77477000", "SCT", "CT"),
        imaging_measurements=list(groups),
    )
    made = Comprehensive3DSR(
        evidence=[of or image(), *also],
        content=content[0],
        series_instance_uid=ROOT + "4",
        series_number=9,
        sop_instance_uid=ROOT + "5",
        instance_number=1,
        manufacturer="test",
        is_complete=True,
        is_final=True,
    )
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def written(folder: Path, made: Dataset) -> Path:
    """The report as a file."""
    file = folder / "a.dcm"
    made.save_as(file, enforce_file_format=True)
    return file


def rows_of(rows: Rows) -> list[tuple[Any, ...]]:
    """The rows, as DuckDB reads them."""
    with duckdb.connect() as session:
        return session.execute(f"SELECT * FROM {rows.relation}").fetchall()


def read(folder: Path, file: Path, columns: Iterable[str], feed: str = "lesions") -> list[tuple[Any, ...]]:
    """The rows of a file."""
    return rows_of(dicom_sr.read(file, Asked(feed, tuple(columns)), folder))
