"""Tells OpenLineage which table was made of what: names, columns and descriptions, never a value, a count or a file.

Where an environment variable of OpenLineage's client says to whom, such as OPENLINEAGE_URL. Whoever does not answer
stops no step, and who answers slowly holds none up for long.
"""

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from include.warehouse.connection import Warehouse
from include.warehouse.lineage import CATALOGUE, FACTS, PERSONS, sources
from include.warehouse.schema import clinical_table, received_table
from include.warehouse.tables import Table, read_table

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent

MOST_SECONDS = 10.0
"""How long a step waits until all is told; what is not told by then is told while the process lives."""
PRODUCER = "liver-tumour-registry"
SAID_BY = ("OPENLINEAGE_URL", "OPENLINEAGE_CONFIG", "OPENLINEAGE__TRANSPORT__TYPE", "OPENLINEAGE__TRANSPORT__URL")
TABLES = {PERSONS: "clinical.person", CATALOGUE: "reference.rule", FACTS: "ops.load"}
"""Which table stands for a source that is none."""


def tell_made(warehouse: Warehouse, tables: Iterable[str]) -> None:
    """Tell which derived tables and marts were made, each of what its SELECT reads."""
    tell(warehouse, {table: sources(table) for table in tables})


def tell_received(warehouse: Warehouse, feeds: Iterable[str]) -> None:
    """Tell that rows of feeds were received and resolved."""
    listed = sorted(set(feeds))
    received = {f"received.{feed}": {f"landed.{feed}"} for feed in listed}
    record = {f"clinical.{feed}": {f"received.{feed}", "resolved.fate"} for feed in listed}
    fates = {"resolved.fate": {*received, "decision.event"}} if listed else {}
    tell(warehouse, {**received, **fates, **record})


def tell(warehouse: Warehouse, made: Mapping[str, Iterable[str]]) -> None:
    """Tell of what each table was made; outside a transaction, for it may take a while."""
    if not made or not any(map(os.environ.get, SAID_BY)):
        return
    failed: list[str] = []
    teller = threading.Thread(target=_emit, args=(list(events(warehouse, made)), failed), daemon=True)
    teller.start()
    teller.join(MOST_SECONDS)
    if teller.is_alive():
        failed.append("TimeoutError")
    if failed:
        logging.getLogger("registry").warning("Lineage of %d tables is not told: %s", len(made), failed[-1])


def _emit(told: "list[RunEvent]", failed: list[str]) -> None:
    """Send the events one by one; a client may try each for longer than a step can wait."""
    try:
        from openlineage.client import OpenLineageClient

        client = OpenLineageClient()
        for event in told:
            client.emit(event)
        client.close()
    except Exception as error:
        failed.append(type(error).__name__)


def events(warehouse: Warehouse, made: Mapping[str, Iterable[str]]) -> Iterator["RunEvent"]:
    """One event a table: a job of the table's name is complete."""
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import documentation_dataset, schema_dataset

    place, prefix = _place(warehouse)
    for name, read in made.items():
        table = _described(name)
        fields = [schema_dataset.SchemaDatasetFacetFields(c.name, c.type, c.description) for c in table.columns]
        facets = {
            "schema": schema_dataset.SchemaDatasetFacet(fields=fields),
            "documentation": documentation_dataset.DocumentationDatasetFacet(description=table.description),
        }
        yield RunEvent(
            eventType=RunState.COMPLETE,
            eventTime=datetime.now(UTC).isoformat(),
            run=Run(runId=str(uuid4())),
            job=Job(namespace=PRODUCER, name=name),
            inputs=[InputDataset(place, f"{prefix}{TABLES.get(one, one)}") for one in sorted(read)],
            outputs=[OutputDataset(place, f"{prefix}{name}", facets=facets)],
            producer=PRODUCER,
        )


def _described(name: str) -> Table:
    schema, _, table = name.partition(".")
    of_feed = {"clinical": clinical_table, "received": received_table}.get(schema)
    return of_feed(table) if of_feed else read_table(schema, table)


def _place(warehouse: Warehouse) -> tuple[str, str]:
    """The namespace of the warehouse's tables, and what their names begin with, as OpenLineage's convention has it."""
    url = warehouse.connection.engine.url
    if warehouse.is_duckdb:
        return f"duckdb://{Path(str(url.database)).name}", ""
    return f"postgres://{url.host or 'localhost'}:{url.port or 5432}", f"{url.database}."
