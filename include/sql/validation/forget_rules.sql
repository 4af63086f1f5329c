-- Changes: {{ table }}.
DELETE FROM {{ table }}
WHERE rule_id IN ({% for rule_id in rule_ids %}'{{ rule_id }}'{{ ", " if not loop.last }}{% endfor %})
