"""Every table, view and column of the warehouse says in PostgreSQL what it is, where BI tools show it."""

from include.warehouse import open_warehouse
from include.warehouse.access import SCHEMAS
from tests.support.warehouses import Templates

WITHOUT = """
SELECT n.nspname || '.' || c.relname || COALESCE('.' || a.attname, '')
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
LEFT JOIN (
    SELECT attrelid, attnum, attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT oid, 0, NULL FROM pg_class
) AS a ON c.oid = a.attrelid
LEFT JOIN pg_description AS d
    ON c.oid = d.objoid AND a.attnum = d.objsubid AND d.classoid = CAST('pg_class' AS regclass)
WHERE n.nspname = ANY(:schemas) AND c.relkind IN ('r', 'v') AND COALESCE(d.description, '') = ''
ORDER BY 1
"""


def test_nothing_is_without_a_comment(templates: Templates, postgres_server: str) -> None:
    with open_warehouse(templates.postgresql(postgres_server)) as warehouse:
        found = warehouse.run(WITHOUT, schemas=[*SCHEMAS])
        assert found.scalars().all() == []
