"""Names that the DAG files and whoever starts and watches their Airflow agree on."""

SOURCES = ("laboratory", "radiology", "pathology", "clinic")
"""The departments that send extracts; each has a DAG of its own, so that none can hold up another."""

POOL = "warehouse"
"""One slot: a DuckDB file has one writer. Every task that opens the warehouse takes it."""


def extracts_asset(source: str) -> str:
    """Name of the asset that says: there are new files of this source."""
    return f"extracts_{source}"
