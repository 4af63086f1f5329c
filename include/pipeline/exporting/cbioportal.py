"""A clinical study for cBioPortal: treated patients under keys of this export alone, times as days since day 0.

Each data file is a SELECT in `include/sql/export/cbioportal`; a YAML beside it describes attributes. Day 0 is the first
procedure, so nobody who was not treated is in it. No date and no id of the registry leaves.
"""

import csv
import io
import secrets
from pathlib import Path
from typing import Any

import pandas as pd

from include.basics.errors import RegistryError
from include.basics.private import private_files
from include.basics.settings import Settings
from include.definitions.described import read_yaml
from include.pipeline.exporting.cbioportal_format import check_study
from include.pipeline.exporting.folder import new_folder, refuse_existing
from include.pipeline.exporting.permission import granted
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.sql import FOLDER, select_text

STUDY = "liver_net_registry"
SELECTS = "export/cbioportal"
META = {
    "data_clinical_patient": "PATIENT_ATTRIBUTES",
    "data_clinical_sample": "SAMPLE_ATTRIBUTES",
    "data_timeline_treatment": "TIMELINE",
    "data_timeline_lab_test": "TIMELINE",
    "data_timeline_status": "TIMELINE",
    "data_timeline_imaging": "TIMELINE",
}
"""The data files and the datatype that the meta file of each names."""


def export_cbioportal(settings: Settings, out: Path) -> int:
    """Write the study to a new folder; returns its patients.

    Raises RegistryError REG-901 when the account may not read the tables, REG-902 when the folder is there, REG-903
    when what was written is not what the format asks for.
    """
    refuse_existing(out)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse, private_files(), granted():
        frames = _frames(warehouse)
    with new_folder(out) as part:
        _write(frames, part)
        if problems := check_study(part):
            raise RegistryError("REG-903", "; ".join(problems))
    return len(frames["data_clinical_patient"])


def _frames(warehouse: Warehouse) -> dict[str, pd.DataFrame]:
    """The rows of each file as they were at one moment, patients by keys that lead nowhere, in the order of those."""
    warehouse.connection.commit()
    if not warehouse.is_duckdb:
        warehouse.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    frames = {name: warehouse.frame(select_text(f"{SELECTS}/{name}")) for name in META}
    keys = {patient: f"P{secrets.token_hex(6)}" for patient in frames["data_clinical_patient"]["patient_id"]}
    sample = frames["data_clinical_sample"]
    sample.insert(1, "sample_id", [f"{keys[patient]}-1" for patient in sample["patient_id"]])
    return {name: _keyed(frame, keys) for name, frame in frames.items()}


def _keyed(frame: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    order = [name for name in ("patient_id", "start_date") if name in frame]
    return frame.assign(patient_id=frame["patient_id"].map(keys)).sort_values([*order, *frame.columns.drop(order)])


def _write(frames: dict[str, pd.DataFrame], folder: Path) -> None:
    (folder / "case_lists").mkdir(parents=True)
    for name, frame in frames.items():
        (folder / f"{name}.txt").write_text(_header(name) + _table(frame), encoding="utf-8")
        _meta(folder / f"{name.replace('data_', 'meta_', 1)}.txt", **_clinical(name))
    _meta(
        folder / "meta_study.txt",
        type_of_cancer="mixed",
        name="Liver tumour registry: intra-arterial treatment of neuroendocrine liver metastases",
        description="Treated patients under keys of this export; day 0 is the first procedure. Rows of persons.",
    )
    samples = "\t".join(frames["data_clinical_sample"]["sample_id"])
    _meta(
        folder / "case_lists" / "cases_all.txt",
        stable_id=f"{STUDY}_all",
        case_list_name="All samples",
        case_list_description="All samples",
        case_list_ids=samples,
    )


def _clinical(name: str) -> dict[str, str]:
    return {"genetic_alteration_type": "CLINICAL", "datatype": META[name], "data_filename": f"{name}.txt"}


def _meta(file: Path, **told: str) -> None:
    lines = {"cancer_study_identifier": STUDY, **told}
    file.write_text("".join(f"{name}: {value}\n" for name, value in lines.items()), encoding="utf-8")


def _header(name: str) -> str:
    """The four lines above the attributes' names: label, description, type, priority; timelines have none."""
    file = FOLDER / SELECTS / f"{name}.yml"
    if not file.exists():
        return ""
    columns: list[dict[str, Any]] = list(read_yaml(file)["columns"].values())
    lines = [[column[part] for column in columns] for part in ("label", "description", "type")]
    return "".join("#" + "\t".join(line) + "\n" for line in [*lines, ["1"] * len(columns)])


def _table(frame: pd.DataFrame) -> str:
    """Tab-separated, an empty cell for what is not known, no quotes, whole numbers without a point."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow([column.upper() for column in frame.columns])
    writer.writerows([_cell(value) for value in row] for row in frame.itertuples(index=False))
    return lines.getvalue()


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    return f"{float(value):.10g}" if isinstance(value, float) else str(value)
