-- Rows that would count, but for their patient: the announcement is withdrawn, and nobody has merged the id into another.
{% for contract in feeds if contract.of_patients and contract.feed != 'patients' %}
SELECT
    v.site,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    v.first_batch_date AS batch_date,
    v.load_id,
    v.row_number,
    v."{{ contract.key }}" AS record_key,
    v.patient_id
FROM clinical.lifespan AS p
INNER JOIN clinical.{{ contract.feed }} AS v ON p.patient_id = v.patient_id
WHERE NOT p.is_active AND v.status <> 'cancelled' AND v.version_state = 'current'
{% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
