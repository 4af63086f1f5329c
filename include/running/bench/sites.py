"""The bench's results as two hospitals would send them, beside the contract's own CSV: what staging each costs.

Run as a script with a plain file or a site's: stages it in a DuckDB session of its own.
"""

import shutil
import sys
from pathlib import Path

import duckdb
import yaml

from include.basics.scratch import scratch
from include.definitions.contracts import read
from include.definitions.sites import Site
from include.pipeline.mapping import Plans, mapped
from include.pipeline.staging import staging
from include.warehouse import open_warehouse

HL7_SHARE = 5
"""One in so many results is sent as HL7 as well."""
SITE = {
    "site": "chx",
    "patients": "local",
    "timezone": "Europe/Paris",
    "exports": [
        {
            "name": "french",
            "feed": "results",
            "files": "{date}/*.csv",
            "dialect": {"delimiter": ";", "encoding": "cp1252", "decimal": ",", "group": " \u00a0\u202f"},
            "dates": {"date": "%d/%m/%Y", "timestamp": "%d/%m/%Y %H:%M"},
            "columns": {
                "result_id": "N° résultat",
                "patient_id": "IPP",
                "collected_at": ["Prélevé le", "Heure"],
                "test_code": {"from": "Code", "codes": "loinc.csv"},
                "test_name": "Libellé",
                "value": "Résultat",
                "unit": {"from": "Unité", "codes": "units.csv"},
                "reference_low": "Inf",
                "reference_high": "Sup",
                "status": {"from": "État", "map": {"Validé": "final"}},
            },
        },
        {
            "name": "hl7",
            "feed": "results",
            "files": "{date}/*.hl7",
            "format": "hl7v2",
            "columns": {"test_code": {"from": "code", "codes": "loinc.csv"}},
        },
    ],
}
FRENCH = """
    SELECT result_id AS "N° résultat", patient_id AS "IPP", strftime(CAST(collected_at AS TIMESTAMP), '%d/%m/%Y')
        AS "Prélevé le", strftime(CAST(collected_at AS TIMESTAMP), '%H:%M') AS "Heure", 'L' || test_code AS "Code",
        test_name AS "Libellé", replace(value, '.', ',') AS "Résultat", unit AS "Unité",
        reference_low AS "Inf", reference_high AS "Sup", 'Validé' AS "État"
    FROM {results}
"""
MESSAGES = """
    SELECT concat_ws(chr(13), 'MSH|^~\\&|LIMS|CHX|REG|REG|20200101||ORU^R01|' || MIN(result_id) || '|P|2.5',
        'PID|1||' || patient_id || '^^^CHX^PI', 'OBR|1||' || MIN(result_id) || '|PANEL^^L|||' ||
        strftime(CAST(collected_at AS TIMESTAMP), '%Y%m%d%H%M'),
        string_agg(concat_ws('|', 'OBX', '1', 'NM', 'L' || test_code || '^' || test_name || '^L', '', value, unit,
            COALESCE(reference_low || '-', '<') || reference_high, '', '', '', 'F'), chr(13)), '')
    FROM {results} WHERE CAST(substr(patient_id, 2) AS INTEGER) % {share} = 0
    GROUP BY patient_id, collected_at
"""


def write_sites(results: Path, folder: Path) -> dict[str, Path]:
    """Write the results of a plain file as each hospital sends them, and those that the HL7 file has as plain CSV."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "chx").mkdir(parents=True)
    (folder / "chx.yml").write_text(yaml.safe_dump(SITE, allow_unicode=True), encoding="utf-8")
    files = {name: folder / name for name in ("french.csv", "messages.hl7", "part.csv")}
    rows = f"read_csv('{results}', all_varchar = true)"
    with duckdb.connect() as connection:
        utf8 = folder / "utf8.csv"
        connection.execute(f"COPY ({FRENCH.format(results=rows)}) TO '{utf8}' (DELIMITER ';')")
        with utf8.open(encoding="utf-8") as source, files["french.csv"].open("w", encoding="cp1252") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        utf8.unlink()
        part = f"SELECT * FROM {rows} WHERE CAST(substr(patient_id, 2) AS INTEGER) % {HL7_SHARE} = 0"
        connection.execute(f"COPY ({part}) TO '{files['part.csv']}'")
        found = connection.execute(MESSAGES.format(results=rows, share=HL7_SHARE))
        with files["messages.hl7"].open("w", encoding="utf-8", newline="") as target:
            while some := found.fetchmany(10_000):
                target.writelines(message for (message,) in some)
        for name, column, of_site in (("loinc", "test_code", "'L' || test_code"), ("units", "unit", "unit")):
            _write_list(connection, folder / "chx" / f"{name}.csv", f"SELECT DISTINCT {of_site}, {column} FROM {rows}")
    return files


def _write_list(connection: duckdb.DuckDBPyConnection, file: Path, select: str) -> None:
    lines = [f"{local},{standard},bench" for local, standard in connection.execute(select).fetchall()]
    file.write_text("\n".join(["local,standard,decided_by", *lines, ""]), encoding="utf-8")


def stage(file: Path) -> int:
    """Stage a file of results: as the contract has it, or by the profile beside it; how many rows it has."""
    export = {"french.csv": "french", "messages.hl7": "hl7"}.get(file.name)
    with scratch() as folder, open_warehouse(f"duckdb:///{folder / 'stage.duckdb'}") as warehouse:
        with staging(warehouse, read("results").feed) as opened:
            if export is None:
                facts = opened.add(1, file)
            else:
                site = Site.model_validate(SITE)
                plan = Plans({"chx": site}, file.parent).of("chx", export, "results")
                facts = opened.add_mapped(mapped(plan, file, 1, {}, folder))
            opened.close([1])
        return facts.row_count


if __name__ == "__main__":
    print(stage(Path(sys.argv[1])))
