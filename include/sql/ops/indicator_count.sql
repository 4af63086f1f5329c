-- What the registry's indicators are counted from, by site, feed and day of extract. Of a
-- person's ids only the row that describes the person is a record; merges are none. What only another site has told
-- before is a duplicate of no site: it counts among all sites.
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
        v.*{% if contract.event_date %},
        CAST(v."{{ contract.event_date }}" AS DATE) >= (
            SELECT first_day FROM started WHERE feed = '{{ contract.feed }}'
        ) AS is_due,
        v.first_batch_date - CAST(v."{{ contract.event_date }}" AS DATE) <= (
            SELECT days FROM window_of_time
        ) AS is_timely{% endif %},
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
        site,
        batch_date,
        first_batch_date,
        {% for item in contract.key_items %}
        COUNT(*) FILTER (WHERE is_record AND {{ item.when }}) AS "{{ item.name }}_due",
        COUNT("{{ item.name }}") FILTER (
            WHERE is_record AND {{ item.when }}{% if item.unknown %} AND "{{ item.name }}" <> '{{ item.unknown }}'{% endif %}

        ) AS "{{ item.name }}_known",
        {% endfor %}
        {% if contract.event_date %}
        COUNT(*) FILTER (WHERE version_state = 'current' AND describes AND is_due AND is_timely) AS timely,
        COUNT(*) FILTER (WHERE version_state = 'current' AND describes AND is_due) AS events,
        {% endif %}
        COUNT(*) FILTER (WHERE is_record) AS records
    FROM {{ contract.feed }}_version
    GROUP BY site, batch_date, first_batch_date
),

{% if contract.event_date %}
-- An event counts as its key's earliest version tells it. All current rows are counted at once; of the few keys that
-- have several versions the current one is taken out again, and the earliest put in.
{{ contract.feed }}_revised AS (
    SELECT
        site,
        first_batch_date,
        is_due,
        is_timely,
        version_state,
        ROW_NUMBER() OVER (
            PARTITION BY "{{ contract.key }}" ORDER BY first_batch_date ASC, "{{ contract.event_date }}" ASC
        ) AS version_order
    FROM {{ contract.feed }}_version
    WHERE
        version_state IN ('current', 'past')
        AND describes
        AND "{{ contract.key }}" IN (
            SELECT record_key
            FROM resolved.fate
            WHERE feed = '{{ contract.feed }}' AND version_state = 'past'
        )
),

{{ contract.feed }}_event AS (
    SELECT
        site,
        first_batch_date AS known_on,
        timely,
        events
    FROM {{ contract.feed }}_day
    UNION ALL
    SELECT
        site,
        first_batch_date AS known_on,
        CASE WHEN is_timely THEN 1 ELSE 0 END AS timely,
        1 AS events
    FROM {{ contract.feed }}_revised
    WHERE is_due AND version_order = 1
    UNION ALL
    SELECT
        site,
        first_batch_date AS known_on,
        CASE WHEN is_timely THEN -1 ELSE 0 END AS timely,
        -1 AS events
    FROM {{ contract.feed }}_revised
    WHERE is_due AND version_state = 'current'
),

{% endif %}
{% endfor %}
{% set same_person = (feeds | selectattr("feed", "equalto", "patients") | first).same_event | join(", ") %}
patient_in_turn AS (
    SELECT
        patient_id AS record_key,
        ROW_NUMBER() OVER (PARTITION BY {{ same_person }} ORDER BY patient_id ASC) AS person_order,
        ROW_NUMBER() OVER (PARTITION BY {{ same_person }}, site ORDER BY patient_id ASC) AS site_order
    FROM patients_version
    WHERE is_record
),

repeated AS (
    SELECT
        'patients' AS feed,
        record_key,
        site_order > 1 AS is_within_site
    FROM patient_in_turn
    WHERE person_order > 1
    UNION ALL
    SELECT
        feed,
        record_key,
        is_within_site
    FROM derived.repeated_event
),

-- A key item that is missing sets its row aside: such a row is due, and not known. PostgreSQL would look through all
-- failures once for every row that is set aside.
missing_item AS MATERIALIZED (
    SELECT
        f.load_id,
        f.row_number,
        i.indicator
    FROM quarantine.failure AS f
    INNER JOIN (
        VALUES
        {% set pairs = [] %}
        {% for contract in feeds if contract.of_patients %}
        {% for item in contract.key_items %}
        {% set _ = pairs.append("('%s.%s.missing', 'completeness_%s')" | format(contract.feed, item.name, item.name)) %}
        {% endfor %}
        {% endfor %}
        {{ pairs | join(",\n        ") }}
    ) AS i (rule_id, indicator) ON f.rule_id = i.rule_id
),

unknown_item AS (
    SELECT
        l.site,
        l.batch_date,
        l.source,
        l.feed,
        m.indicator,
        COUNT(*) AS records
    FROM missing_item AS m
    INNER JOIN quarantine.record AS r ON m.load_id = r.load_id AND m.row_number = r.row_number
    INNER JOIN ops.standing_load AS l ON m.load_id = l.load_id
    WHERE r.state = 'open'
    GROUP BY l.site, l.batch_date, l.source, l.feed, m.indicator
)

SELECT
    site,
    batch_date,
    source,
    feed,
    'records_passing' AS kind,
    'records_passing' AS indicator,
    CAST(SUM(rows_received - GREATEST(rows_quarantined, COALESCE(rows_failing, 0))) AS BIGINT) AS numerator,
    CAST(SUM(rows_received) AS BIGINT) AS denominator
FROM ops.standing_load
WHERE state = 'loaded' OR (state IN ('held', 'rejected') AND rows_failing > 0)
GROUP BY site, batch_date, source, feed
UNION ALL
SELECT
    site,
    batch_date,
    source,
    feed,
    'completeness' AS kind,
    indicator,
    0 AS numerator,
    records AS denominator
FROM unknown_item
{% for contract in feeds if contract.of_patients %}
{% for item in contract.key_items %}
UNION ALL
SELECT
    site,
    batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'completeness' AS kind,
    'completeness_{{ item.name }}' AS indicator,
    "{{ item.name }}_known" AS numerator,
    "{{ item.name }}_due" AS denominator
FROM {{ contract.feed }}_day
{% endfor %}
{% if contract.event_date %}
UNION ALL
SELECT
    site,
    known_on AS batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'timeliness' AS kind,
    'timeliness' AS indicator,
    CAST(SUM(timely) AS BIGINT) AS numerator,
    CAST(SUM(events) AS BIGINT) AS denominator
FROM {{ contract.feed }}_event
GROUP BY site, known_on
HAVING SUM(events) > 0
{% endif %}
UNION ALL
SELECT
    site,
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
    CASE WHEN d.is_within_site THEN v.site ELSE '' END AS site,
    v.batch_date,
    '{{ contract.source }}' AS source,
    '{{ contract.feed }}' AS feed,
    'duplicates' AS kind,
    'duplicates' AS indicator,
    COUNT(*) AS numerator,
    0 AS denominator
FROM {{ contract.feed }}_version AS v
INNER JOIN repeated AS d ON v."{{ contract.key }}" = d.record_key AND d.feed = '{{ contract.feed }}'
WHERE v.is_record
GROUP BY CASE WHEN d.is_within_site THEN v.site ELSE '' END, v.batch_date
{% endfor %}
