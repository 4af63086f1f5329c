-- Changes: {{ table }}.
DELETE FROM {{ table }}
WHERE rule_id = ANY(CAST(:rule_ids AS TEXT[]))
