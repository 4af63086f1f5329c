-- Rows that count, whose key is that of a withdrawn row and more behind a vertical bar: results of an order that was
-- cancelled, components of a resource that was deleted. What was sent again on a later day is none of these.
{% for contract in feeds if contract.of_patients and contract.feed != 'patients' %}
SELECT
    v.site,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    w.batch_date,
    v.load_id,
    v.row_number,
    v."{{ contract.key }}" AS record_key,
    w.load_id AS withdrawn_load_id,
    w.row_number AS withdrawn_row_number
FROM clinical.{{ contract.feed }} AS w
INNER JOIN clinical.{{ contract.feed }} AS v
    ON w."{{ contract.key }}" = SPLIT_PART(v."{{ contract.key }}", '|', 1) AND w.batch_date >= v.batch_date
WHERE
    w.status = 'cancelled' AND w.version_state IN ('current', 'waiting')
    AND v.status <> 'cancelled' AND v.version_state = 'current' AND v."{{ contract.key }}" LIKE '%|%'
{% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
