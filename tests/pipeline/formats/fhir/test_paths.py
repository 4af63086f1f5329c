"""Paths: the plain part of FHIRPath, with choices by what stands in an element."""

from pathlib import Path
from typing import Any

import pytest

from include.basics.errors import RegistryError
from tests.pipeline.formats.fhir.resources import LOCAL, LOINC, cell, concept, observation, quantity, row

URL = "https://site.example/fhir/StructureDefinition/lesion.number"
MADE = observation(
    meta={"lastUpdated": "2023-05-10T00:00:00Z", "tag": [{"code": "a"}, {"code": "b"}]},
    category=[concept(("other", "x")), concept(("http://c", "laboratory"))],
    component=[
        {"code": concept((LOCAL, "sys")), "valueQuantity": quantity(120, "mm[Hg]")},
        {"code": concept((LOINC, "8462-4")), "valueQuantity": quantity(80, "mm[Hg]"), "interpretation": [concept()]},
    ],
    extension=[{"url": "other", "valueString": "no"}, {"url": URL, "valueString": "L1"}],
    partOf=[{"reference": "Procedure/7"}, {"reference": "https://h/fhir/ImagingStudy/8/_history/2"}],
    focus=[{"reference": "urn:uuid:1", "type": "BodyStructure", "identifier": {"value": "L-3"}}],
    identifier=[{"system": "urn:a", "value": "1"}, {"type": concept(("t", "ACSN")), "value": "ACC-5"}],
    issued=[["nested"]],
    flag=True,
)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("subject.reference", "Patient/f-9"),
        ("meta.lastUpdated", "2023-05-10T00:00:00Z"),
        ("meta.tag.code", "a"),
        ("meta.tag[code=b].code", "b"),
        ("code.coding[system=http://loinc.org].code", "1920-8"),
        ("code.coding[system='http://loinc.org'].code", "1920-8"),
        ("code.coding[system=http://loinc.org][code=1920-8].system", "http://loinc.org"),
        ("category.coding[system=http://c].code", "laboratory"),
        ("component[code=8462-4].valueQuantity.value", "80"),
        ("component[code=sys].value", "120"),
        ("component[code=8462-4].unit", "mm[Hg]"),
        (f"extension[url={URL}].valueString", "L1"),
        ("identifier[type=ACSN].value", "ACC-5"),
        ("identifier[type.coding.code=ACSN].value", "ACC-5"),
        ("partOf[kind=ImagingStudy].target", "8"),
        ("partOf.target", "7"),
        ("focus.target", "L-3"),
        ("code.loinc", "1920-8"),
        ("Observation.status", "final"),
        ("Observation[code=1920-8].value", "62"),
        ("[code=1920-8].value", "62"),
        ("[code=1920-8][valueQuantity.code=kg].value", None),
        ("resourceType", "Observation"),
        ("flag", "true"),
        ("issued", None),
        ("subject", None),
        ("nowhere.near", None),
        ("id.id", None),
    ],
)
def test_where_a_path_leads(tmp_path: Path, path: str, said: Any) -> None:
    assert cell(tmp_path, MADE, path) == said


@pytest.mark.parametrize(
    "path", ["", ".", "a..b", "a[0]", "a[1].b", "a[b=c", "a b", "a.[b=c]", "Patient.id", "a[b=c]d", "é"]
)
def test_what_is_no_path_is_told(tmp_path: Path, path: str) -> None:
    with pytest.raises(RegistryError) as error:
        cell(tmp_path, MADE, path)

    assert error.value.code == "REG-401"


def test_paths_that_differ_in_capitals_alone_are_told(tmp_path: Path) -> None:
    with pytest.raises(RegistryError) as error:
        row(tmp_path, MADE, "component[code=sys].value", "component[code=SYS].value")

    assert error.value.code == "REG-401"


@pytest.mark.parametrize("each", ["observation", "Observation.", "Observation.component[1]", "OBX 3"])
def test_what_is_no_type_is_told(tmp_path: Path, each: str) -> None:
    with pytest.raises(RegistryError) as error:
        cell(tmp_path, MADE, "key", each=each)

    assert error.value.code == "REG-401"
