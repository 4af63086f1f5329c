"""Large synthetic extracts of all nine feeds, written by DuckDB.

25,000 patients have 200 laboratory results each; the second night brings 1 % new rows of every feed, from a tenth of
the patients (a visit's worth of results each). One result in 10,000 has a unit that its analyte does not come in, one
in 60 an unusual value.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import duckdb

from include.definitions import contracts

FIRST_NIGHT = "2020-01-01"
SECOND_NIGHT = "2020-01-02"
THIRD_NIGHT = "2020-01-03"
FOURTH_NIGHT = "2020-01-04"
FIFTH_NIGHT = "2020-01-05"
RESULTS_PER_PATIENT = 200
RESULTS_PER_VISIT = 20
LESIONS_PER_EXAM = 3
MOST_VISITS = 50
"""After so many later nights the days of events begin again: none is to lie in the future."""

ANALYTES = (
    "[('1920-8','AST','U/L','35',NULL),('1742-6','ALT','U/L','45',NULL),('14631-6','BILI','umol/L','16',NULL),"
    "('6768-6','ALP','U/L','120',NULL),('2324-2','GGT','U/L','55',NULL),('14682-9','CREA','umol/L','105',NULL),"
    "('777-3','PLT','10*9/L','400','150'),('5894-1','PT','%','130','70'),('9811-1','CGA','ng/mL','100',NULL),"
    "('1751-7','ALB','g/L','50','35')]"
)
ANALYTE = f"{ANALYTES}[1 + i % 10]"

ROWS = {
    "patients": """'P' || p AS patient_id, CASE WHEN p % 2 = 0 THEN 'female' ELSE 'male' END AS sex,
        DATE '1940-01-01' + CAST(p % 9000 AS INTEGER) AS birth_date, DATE '2010-06-01' AS diagnosis_date,
        DATE '2011-06-01' AS liver_metastases_date, 'metachronous' AS liver_metastases_timing,
        'pain' AS discovery_mode, 'yes' AS primary_resected, 'final' AS status""",
    "visits": """'V' || i AS visit_id, 'P' || p AS patient_id, DATE '2012-01-01' + k * 140 AS visit_date,
        170 AS height_cm, 60 + p % 30 AS weight_kg, p % 3 AS ecog, 'none' AS diarrhoea, 'none' AS flushing,
        CASE WHEN k = 7 AND p % 3 = 0 THEN 'dead' ELSE 'alive' END AS vital_status,
        CASE WHEN k = 7 AND p % 3 = 0 THEN DATE '2012-01-01' + k * 140 - CAST(p % 7 AS INTEGER) END AS death_date,
        CASE WHEN k = 7 AND p % 3 = 0 THEN 'tumour' END AS death_cause, 'final' AS status""",
    "treatments": """'T' || i AS treatment_id, 'P' || p AS patient_id, 'somatostatin_analogue' AS kind,
        DATE '2011-07-01' + k * 30 AS started_on, NULL AS ended_on, 'final' AS status""",
    "adverse_events": """'A' || i AS event_id, 'P' || p AS patient_id, 'S' || (p * 3) AS procedure_id,
        DATE '2012-02-02' + k AS onset_date, 'post_embolization_syndrome' AS term, 1 + k AS ctcae_grade,
        'no' AS serious, 'final' AS status""",
    "reports": """'R' || i AS report_id, 'P' || p AS patient_id, DATE '2010-06-10' AS reported_on,
        'primary' AS specimen, ['C17.2','C25.9','C34.9','C80.9'][1 + p % 4] AS primary_site, '8240/3' AS morphology,
        'well' AS differentiation, p % 20 AS ki67_percent, 1 AS mitoses_per_2mm2, NULL AS reported_grade,
        'final' AS status""",
    "procedures": """'S' || i AS procedure_id, 'P' || p AS patient_id, DATE '2012-02-01' + k * 35 AS performed_on,
        NULL AS started_at, 'ctace' AS technique, 'streptozocin' AS drug, 1.5 AS drug_dose_g, 15 AS lipiodol_ml,
        3 AS microspheres_ml, '300-500' AS microsphere_size_um, 'right_lobe' AS territory, 3 AS planned_sessions,
        CASE WHEN k = 2 THEN 'yes' ELSE 'no' END AS cycle_complete, 'no' AS stopped_early, 'final' AS status""",
    "exams": """'E' || i AS exam_id, 'P' || p AS patient_id, DATE '2012-01-15' + k * 90 AS exam_date,
        'CT' AS modality, 'arterial+portal' AS contrast_phases, (p * 7) % 85 AS liver_tumour_burden_percent,
        CASE WHEN p % 3 = 0 THEN 'yes' ELSE 'no' END AS extrahepatic_disease, 'no' AS extrahepatic_progression,
        'final' AS status""",
    "lesions": f"""'M' || i AS measurement_id, 'P' || p AS patient_id, 'E' || (i // {LESIONS_PER_EXAM}) AS exam_id,
        NULL AS reader, 'L' || (k % 3) AS lesion_id, CASE WHEN k % 3 < 2 THEN 'target' ELSE 'non_target' END
        AS lesion_kind, 'no' AS lymph_node, 50 + (p + k) % 9 - k // 3 * 3 + greatest(0, k // 3 - 5) * 14
        AS longest_diameter_mm,
        40 + (p * 5 + k) % 9 - k // 3 * 4 + greatest(0, k // 3 - 5) * 12 AS viable_diameter_mm,
        'present' AS assessment, 'final' AS status""",
    "results": f"""'L' || i AS result_id, 'P' || p AS patient_id,
        strftime(TIMESTAMP '2012-01-31 08:00:00' + to_days(CAST(k // {RESULTS_PER_VISIT} * 40 AS INTEGER)),
        '%Y-%m-%dT%H:%M') AS collected_at, {ANALYTE}[1] AS test_code, {ANALYTE}[2] AS test_name,
        CAST(5 + (i * 7919 % 1511) / 10 AS VARCHAR) AS value,
        CASE WHEN i % 10000 = 0 THEN 'furlong' ELSE {ANALYTE}[3] END AS unit, {ANALYTE}[5] AS reference_low,
        {ANALYTE}[4] AS reference_high, 'final' AS status""",
}
PER_PATIENT = {
    "patients": 1,
    "visits": 8,
    "treatments": 2,
    "adverse_events": 2,
    "reports": 1,
    "procedures": 3,
    "exams": 10,
    "lesions": 30,
    "results": RESULTS_PER_PATIENT,
}


def write_first_night(out: Path, patients: int) -> int:
    """Write the history load; returns its rows."""
    return sum(_write(out, FIRST_NIGHT, feed, _history(feed, patients)) for feed in PER_PATIENT)


def write_second_night(out: Path, patients: int) -> int:
    """Write a night that brings 1 % new rows of every feed; returns its rows."""
    return write_later_night(out, patients, 0, patients // 10)


def write_later_night(
    out: Path, patients: int, number: int, visited: int, feeds: Iterable[str] = tuple(PER_PATIENT)
) -> int:
    """Write such a night, `number` nights after the second, in which so many other patients come; returns its rows."""
    night = (date.fromisoformat(SECOND_NIGHT) + timedelta(days=number)).isoformat()
    return sum(_write(out, night, feed, _additions(feed, patients, number, visited)) for feed in feeds)


def write_one_file(out: Path, patients: int, rows: int = 500, of: int = 25) -> int:
    """Write a third night that brings one file: new results of a few patients; returns its rows."""
    first = patients * RESULTS_PER_PATIENT * 2
    numbered = (
        f"SELECT {first} + n AS i, n % {of} AS p, CAST(300 + n // {of} AS INTEGER) AS k FROM range({rows}) AS r (n)"
    )
    return _write(out, THIRD_NIGHT, "results", f"SELECT {ROWS['results']} FROM ({numbered})")


def write_small_files(out: Path, patients: int, files: int, rows: int = 20) -> int:
    """Write a fourth night of results of one patient, `rows` in each of the files; returns their number."""
    first, written = patients * RESULTS_PER_PATIENT * 3, 0
    for file in range(files):
        numbered = f"SELECT {first + file * rows} + n AS i, 7 AS p, CAST(400 + {file} AS INTEGER) AS k"
        select = f"SELECT {ROWS['results']} FROM ({numbered} FROM range({rows}) AS r (n))"
        written += _write(out, FOURTH_NIGHT, "results", select, f"part_{file}.csv")
    return written


def write_together(out: Path, patients: int, files: int, rows: int = 20) -> int:
    """Write a fifth night of as many results of that patient in one file; returns their number."""
    first = patients * RESULTS_PER_PATIENT * 4
    numbered = f"SELECT {first} + n AS i, 7 AS p, CAST({400 + files} + n // {rows} AS INTEGER) AS k"
    select = f"SELECT {ROWS['results']} FROM ({numbered} FROM range({files * rows}) AS r (n))"
    return _write(out, FIFTH_NIGHT, "results", select)


def _history(feed: str, patients: int) -> str:
    per_patient = PER_PATIENT[feed]
    return f"""SELECT {ROWS[feed]} FROM (
        SELECT i, i // {per_patient} AS p, CAST(i % {per_patient} AS INTEGER) AS k
        FROM range({patients * per_patient}) AS r (i))"""


def _additions(feed: str, patients: int, night: int, visited: int) -> str:
    """New keys; visits without a death, later results of those who come, new patients at the end."""
    per_patient = PER_PATIENT[feed]
    rows = max(1, visited * per_patient // 10)
    apart = max(1, patients // visited)
    first = patients * per_patient + night * rows
    if feed == "patients":
        numbered = f"SELECT {first} + n AS i, {first} + n AS p, 0 AS k"
    else:
        together = {"results": RESULTS_PER_VISIT, "lesions": LESIONS_PER_EXAM}.get(feed, 1)
        later = 0 if feed in ("visits", "reports") else per_patient + night % MOST_VISITS * together
        numbered = f"""SELECT {first} + n AS i, (n // {together} * {apart} + {night}) % {patients} AS p,
            CAST({later} + n % {together} AS INTEGER) AS k"""
    return f"SELECT {ROWS[feed]} FROM ({numbered} FROM range({rows}) AS r (n))"


def _write(out: Path, night: str, feed: str, select: str, name: str = "") -> int:
    source = contracts.read(feed).source
    folder = out / source / feed / night
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        written = connection.execute(
            f"COPY ({select}) TO '{folder / (name or f'{source}_{feed}.csv')}' (HEADER)"
        ).fetchone()
    return int(written[0]) if written else 0
