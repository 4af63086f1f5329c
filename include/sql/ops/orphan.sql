-- Rows that would count, but for their patient: the announcement is withdrawn, and nobody has merged the id into another.
{% for contract in feeds if contract.of_patients and contract.feed != 'patients' %}
SELECT
    f.site,
    f.source,
    f.feed,
    f.batch_date,
    r.load_id,
    r.row_number,
    r."{{ contract.key }}" AS record_key,
    r.patient_id
FROM clinical.lifespan AS p
INNER JOIN received.{{ contract.feed }} AS r ON p.patient_id = r.patient_id AND r.status <> 'cancelled'
INNER JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
INNER JOIN received.file AS f ON r.load_id = f.load_id
LEFT JOIN resolved.fate AS x
    ON
        x.feed = '{{ contract.feed }}'
        AND r.load_id = x.load_id
        AND r.row_number = x.row_number
        AND r.reading = x.reading
WHERE NOT p.is_active AND COALESCE(x.version_state = 'current', x.load_id IS NULL)
{% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
