-- What the registry's indicators are counted from, feed by feed and day of extract. Of a
-- person's ids only the row that describes the person is a record; merges are none.
WITH
started AS (
    SELECT
        feed,
        MIN(batch_date) AS first_day
    FROM ops.load
    WHERE state = 'loaded'
    GROUP BY feed
),

window_of_time AS (
    SELECT CAST(MAX(value) AS INTEGER) AS days
    FROM reference.setting
    WHERE name = 'timely_days'
),

{% for contract in feeds if contract.of_patients %}
{{ contract.feed }}_version AS NOT MATERIALIZED (
    SELECT
        v.*,
{% if contract.feed == "patients" %}
        COALESCE(l.describes, TRUE) AS describes,
        v.version_state = 'current' AND v.status <> 'cancelled' AND COALESCE(l.describes, TRUE) AS is_record
    FROM clinical.patients AS v
    LEFT JOIN clinical.lifespan AS l ON v.patient_id = l.patient_id
{% else %}
        TRUE AS describes,
        v.version_state = 'current' AND v.status <> 'cancelled' AS is_record
    FROM clinical.{{ contract.feed }} AS v
{% endif %}
),

{{ contract.feed }}_day AS (
    SELECT
        batch_date,
        {% for item in contract.key_items %}
        COUNT(*) FILTER (WHERE is_record AND {{ item.when }}) AS "{{ item.name }}_due",
        COUNT("{{ item.name }}") FILTER (WHERE is_record AND {{ item.when }}) AS "{{ item.name }}_known",
        {% endfor %}
        COUNT(*) FILTER (WHERE is_record) AS records
    FROM {{ contract.feed }}_version
    GROUP BY batch_date
),

{% if contract.event_date %}
{{ contract.feed }}_revised AS (
    SELECT DISTINCT "{{ contract.key }}" AS record_key
    FROM clinical.{{ contract.feed }}
    WHERE version_state = 'past'
),

-- Each event as its key's earliest version tells it; few keys have more than one.
{{ contract.feed }}_event AS (
    SELECT
        v.first_batch_date AS known_on,
        CAST(v."{{ contract.event_date }}" AS DATE) AS event_date,
        1 AS version_order
    FROM {{ contract.feed }}_version AS v
    LEFT JOIN {{ contract.feed }}_revised AS r ON v."{{ contract.key }}" = r.record_key
    WHERE v.version_state = 'current' AND v.describes AND r.record_key IS NULL
    UNION ALL
    SELECT
        v.first_batch_date AS known_on,
        CAST(v."{{ contract.event_date }}" AS DATE) AS event_date,
        ROW_NUMBER() OVER (
            PARTITION BY r.record_key ORDER BY v.first_batch_date ASC, v."{{ contract.event_date }}" ASC
        ) AS version_order
    FROM {{ contract.feed }}_version AS v
    INNER JOIN {{ contract.feed }}_revised AS r ON v."{{ contract.key }}" = r.record_key
    WHERE v.version_state IN ('current', 'past') AND v.describes
),

{% endif %}
{% endfor %}
repeated_patient AS (
    SELECT
        MAX(patient_id) AS record_key,
        COUNT(*) AS records
    FROM patients_version
    WHERE is_record
    GROUP BY {{ (feeds | selectattr("feed", "equalto", "patients") | first).same_event | join(", ") }}
    HAVING COUNT(*) > 1
),

unknown_item AS (
    SELECT
        f.rule_id,
        l.batch_date,
        COUNT(*) AS records
    FROM quarantine.failure AS f
    INNER JOIN quarantine.record AS r ON f.load_id = r.load_id AND f.row_number = r.row_number
    INNER JOIN ops.standing_load AS l ON f.load_id = l.load_id
    WHERE r.state = 'open' AND f.rule_id LIKE '%.missing'
    GROUP BY f.rule_id, l.batch_date
)

SELECT
    batch_date,
    source,
    feed,
    'records_passing' AS kind,
    'records_passing' AS indicator,
    CAST(SUM(rows_received - GREATEST(rows_quarantined, COALESCE(rows_failing, 0))) AS BIGINT) AS numerator,
    CAST(SUM(rows_received) AS BIGINT) AS denominator
FROM ops.standing_load
WHERE state = 'loaded' OR (state IN ('held', 'rejected') AND rows_failing > 0)
GROUP BY batch_date, source, feed
{% for contract in feeds if contract.of_patients %}
{% for item in contract.key_items %}
UNION ALL
SELECT
    batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'completeness' AS kind,
    'completeness_{{ item.name }}' AS indicator,
    "{{ item.name }}_known" AS numerator,
    "{{ item.name }}_due" AS denominator
FROM {{ contract.feed }}_day
UNION ALL
SELECT
    batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'completeness' AS kind,
    'completeness_{{ item.name }}' AS indicator,
    0 AS numerator,
    records AS denominator
FROM unknown_item
WHERE rule_id = '{{ contract.feed }}.{{ item.name }}.missing'
{% endfor %}
{% if contract.event_date %}
UNION ALL
SELECT
    known_on AS batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'timeliness' AS kind,
    'timeliness' AS indicator,
    COUNT(*) FILTER (WHERE known_on - event_date <= (SELECT days FROM window_of_time)) AS numerator,
    COUNT(*) AS denominator
FROM {{ contract.feed }}_event
WHERE version_order = 1 AND event_date >= (SELECT first_day FROM started WHERE feed = '{{ contract.feed }}')
GROUP BY known_on
{% endif %}
UNION ALL
SELECT
    batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'duplicates' AS kind,
    'duplicates' AS indicator,
    0 AS numerator,
    records AS denominator
FROM {{ contract.feed }}_day
UNION ALL
SELECT
    v.batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'duplicates' AS kind,
    'duplicates' AS indicator,
    CAST(SUM(d.records - 1) AS BIGINT) AS numerator,
    0 AS denominator
FROM {{ contract.feed }}_version AS v
{% if contract.feed == "patients" %}
INNER JOIN repeated_patient AS d ON v."{{ contract.key }}" = d.record_key
{% else %}
INNER JOIN derived.repeated_event AS d ON v."{{ contract.key }}" = d.record_key AND d.feed = '{{ contract.feed }}'
{% endif %}
WHERE v.is_record
GROUP BY v.batch_date
{% endfor %}
