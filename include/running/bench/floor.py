"""The floor: a bare DuckDB script that reads, types, grades and writes the same files, without the platform.

No validation, no versions, no quarantine, no response, no survival, no marts. Run as
`python -m include.running.bench.floor EXTRACTS FILE`.
"""

import sys
from pathlib import Path

import duckdb

from include.basics.settings import ROOT
from include.definitions import contracts

TYPES = {
    "date": "DATE",
    "partial_date": "DATE",
    "timestamp": "TIMESTAMP",
    "decimal": "DOUBLE",
    "bounded": "DOUBLE",
    "integer": "BIGINT",
    "measured": "DOUBLE",
}
LIMITS = f"""
CREATE TABLE limits AS
SELECT criteria, analyte, MIN(threshold) FILTER (grade = 1) AS g1, MIN(threshold) FILTER (grade = 2) AS g2,
    MIN(threshold) FILTER (grade = 3) AS g3, MIN(threshold) FILTER (grade = 4) AS g4
FROM read_csv('{ROOT}/include/reference/toxicity_limit/*.csv')
WHERE basis LIKE 'uln%'
GROUP BY criteria, analyte
"""


def main(extracts: Path, file: Path) -> None:
    """Read and type all feeds, grade results against the ULN with their baselines beside them, write a DuckDB file."""
    with duckdb.connect(str(file), config={"memory_limit": "2GB"}) as connection:
        for feed in contracts.FEEDS:
            connection.execute(_typed(extracts, feed))
        connection.execute(LIMITS)
        connection.execute(GRADES)


def _typed(extracts: Path, feed: str) -> str:
    contract = contracts.read(feed)
    fields = [field for field in contract.fields if not field.added]
    columns = ", ".join(
        f'TRY_CAST("{f.name}" AS {TYPES[f.type]}) AS "{f.name}"' if f.type in TYPES else f'"{f.name}"' for f in fields
    )
    files = f"{contract.source}/{feed}/*/*.csv"
    if not any(extracts.glob(files)):
        texts = ", ".join(f'CAST(NULL AS VARCHAR) AS "{f.name}"' for f in fields)
        return f"CREATE TABLE {feed} AS SELECT {columns} FROM (SELECT {texts}) AS none WHERE FALSE"
    return f"CREATE TABLE {feed} AS SELECT {columns} FROM read_csv('{extracts}/{files}', all_varchar = true)"


GRADES = """
CREATE TABLE grades AS
WITH
first_procedure AS (SELECT patient_id, MIN(performed_on) AS day FROM procedures GROUP BY patient_id),

baseline AS (
    SELECT r.patient_id, r.test_name, ARG_MAX(r.value, r.collected_at) AS value
    FROM results AS r
    INNER JOIN first_procedure AS f ON r.patient_id = f.patient_id
    WHERE CAST(r.collected_at AS DATE) <= f.day
    GROUP BY r.patient_id, r.test_name
)

SELECT
    r.result_id,
    l.criteria,
    r.patient_id,
    r.test_name AS analyte,
    r.collected_at,
    r.value,
    r.unit,
    r.reference_high AS uln,
    b.value AS baseline_value,
    CASE
        WHEN r.value > l.g4 * r.reference_high THEN 4
        WHEN r.value > l.g3 * r.reference_high THEN 3
        WHEN r.value > l.g2 * r.reference_high THEN 2
        WHEN r.value > l.g1 * r.reference_high THEN 1
        ELSE 0
    END AS grade
FROM results AS r
INNER JOIN limits AS l ON r.test_name = l.analyte
LEFT JOIN baseline AS b ON r.patient_id = b.patient_id AND r.test_name = b.test_name
"""

if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
