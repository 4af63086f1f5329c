-- Which version of a key counts, and whose the key is, may be another with the files of this version.
INSERT INTO ops.unsettled_patient (feed, patient_id)
SELECT DISTINCT
    n.feed,
    n.patient_id
FROM (
{% for contract in feeds %}
    SELECT
        '{{ contract.feed }}' AS feed,
        patient_id
    FROM clinical.{{ contract.feed }}
    WHERE "{{ contract.key }}" IN (SELECT "{{ contract.key }}" FROM clinical.{{ contract.feed }} WHERE arrival = 'updated')
    {% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
) AS n
WHERE
    NOT EXISTS (
        SELECT 1
        FROM ops.unsettled_patient AS u
        WHERE u.feed = n.feed AND u.patient_id = n.patient_id
    )
