-- Records beyond the first of the same event: records of different keys that agree in the columns that the contract
-- names for that. Few events are repeated, so their records are looked up once the events are known.
SELECT
    feed,
    record_key,
    first_record_key,
    patient_id,
    records,
    site_order > 1 AS is_within_site,
    load_id,
    row_number
FROM (
{% for contract in feeds if contract.of_patients and contract.feed != "patients" %}
{% set event = "r." ~ contract.same_event | join(", r.") %}
    SELECT
        '{{ contract.feed }}' AS feed,
        r."{{ contract.key }}" AS record_key,
        MIN(r."{{ contract.key }}") OVER (PARTITION BY {{ event }}) AS first_record_key,
        r.patient_id,
        COUNT(*) OVER (PARTITION BY {{ event }}) AS records,
        r.load_id,
        r.row_number,
        ROW_NUMBER() OVER (
            PARTITION BY {{ event }}, COALESCE(f.site, '') ORDER BY r."{{ contract.key }}" ASC NULLS LAST
        ) AS site_order
    FROM scope.{{ contract.feed }} AS r
    INNER JOIN received.file AS f ON r.load_id = f.load_id
    INNER JOIN (
        SELECT {{ contract.same_event | join(", ") }}
        FROM scope.{{ contract.feed }}
        GROUP BY {{ contract.same_event | join(", ") }}
        HAVING COUNT(*) > 1
    ) AS e
        ON
{% for column in contract.same_event %}
            {{ "AND " if not loop.first }}r.{{ column }} {{ "=" if column == "patient_id" else "IS NOT DISTINCT FROM" }} e.{{ column }}
{% endfor %}
{% if not loop.last %}
    UNION ALL
{% endif %}
{% endfor %}
) AS repeated
WHERE record_key > first_record_key
