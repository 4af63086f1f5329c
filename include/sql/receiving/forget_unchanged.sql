-- Reads: changed_row. Changes: {{ table }}.
DELETE FROM {{ table }}
WHERE row_number NOT IN (SELECT c.row_number FROM changed_row AS c)
