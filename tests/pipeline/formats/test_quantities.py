"""Quantities: a number of a record comes in the unit of its column, whatever path names it."""

import pytest

from include.pipeline.formats.quantities import converted, path_ending, unit_of


@pytest.mark.parametrize(
    ("form", "column", "path", "expected"),
    [
        ("hl7v2", "longest_diameter_mm", "OBX[LD]", "OBX[LD].mm"),
        ("hl7v2", "longest_diameter_mm", "OBX[LD]-5", "OBX[LD]-5"),
        ("hl7v2", "weight_kg", "value", "kg"),
        ("hl7v2", "ki67_percent", "OBX[KI67]", "OBX[KI67].percent"),
        ("fhir_ndjson", "ki67_percent", "contained[code=29593-1].value", "contained[code=29593-1].percent"),
        ("hl7v2", "mitoses_per_2mm2", "OBX[MIT]", "OBX[MIT]"),
        ("dicom_sr", "viable_diameter_mm", "report.NUM[Long Axis]", "report.NUM[Long Axis].mm"),
        ("fhir_ndjson", "drug_dose_g", "dosage.dose.value", "dosage.dose.g"),
        ("fhir_bundle", "longest_diameter_mm", "value", "mm"),
        ("fhir_ndjson", "lipiodol_ml", "component[code=L].unit", "component[code=L].unit"),
        ("fhir_ndjson", "cm", "contained[code=M].value", "contained[code=M].value"),
        ("csv", "longest_diameter_mm", "value", "value"),
    ],
)
def test_a_path_to_a_bare_number_takes_the_unit_of_its_column(form: str, column: str, path: str, expected: str) -> None:
    unit = unit_of(column)

    assert (path_ending(form, path, unit) if unit else path) == expected


@pytest.mark.parametrize(
    ("written", "given", "wanted", "expected"),
    [
        ("50", "mg", "g", "0.05"),
        ("0.05", "g", "g", "0.05"),
        ("50", None, "g", "50"),
        ("50", "[IU]", "g", "50 [IU]"),
        ("5", "mL", "g", "5 mL"),
        ("1.2", "cL", "ml", "12"),
        ("1.73", "m", "cm", "173"),
        ("70000", "g", "kg", "70"),
        (None, "mg", "g", None),
        ("1_5", "cm", "mm", "1_5 cm"),
        ("<1_5", "cm", "mm", "<1_5 cm"),
        ("１５", "cm", "mm", "１５ cm"),
        ("nan", "cm", "mm", "nan cm"),
        ("15", "%", "percent", "15"),
        ("0.15", "1", "percent", "15"),
        ("<0.03", "1", "percent", "<3"),
        ("15", "/HPF", "percent", "15 /HPF"),
        ("15", "%{positive}", "percent", "15"),
        ("15", "% of cells", "percent", "15"),
        ("15", "pourcent", "percent", "15"),
        ("15", "PROZENT", "percent", "15"),
        ("15", "[%]", "percent", "15"),
        ("15", "{percent}", "percent", "15"),
        ("15", "/100", "percent", "15"),
        ("0.15", "1{ratio}", "percent", "15"),
        ("0", "1", "percent", "0"),
        ("1", "1", "percent", "1 1"),
        ("<1", "1", "percent", "<1 1"),
        ("15", "1", "percent", "15 1"),
        ("15", "{ratio}", "percent", "15 {ratio}"),
    ],
)
def test_a_quantity_is_converted_or_keeps_its_unit(
    written: str | None, given: str | None, wanted: str, expected: str | None
) -> None:
    assert converted(written, given, wanted) == expected
