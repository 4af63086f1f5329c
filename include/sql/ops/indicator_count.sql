{% from 'ops/counted.sql' import counted, event_day with context %}
-- What the registry's indicators are counted from, by site, feed and day of extract. Of a
-- person's ids only the row that describes the person is a record; merges are none. What only another site has told
-- before is a duplicate of no site: it counts among all sites. An event counts as its key's earliest version tells it.
-- Rows were counted once they were resolved, each as if it were the only version of its key (resolved.row_count). A row of
-- which that is not so has a fate: it is taken out, and counted as the record has it. Patients are few: all are counted here.
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

department (feed, source) AS (
    VALUES
    {% for contract in feeds if contract.of_patients %}
    ('{{ contract.feed }}', '{{ contract.source }}'){{ "," if not loop.last }}
    {% endfor %}
),

{% for contract in feeds if contract.of_patients %}
{{ contract.feed }}_row AS (
    SELECT
        v.*,
        {{ event_day(contract, "v.") }} AS event_date,
        v.version_state = 'current' AND v.status <> 'cancelled'{% if contract.feed == "patients" %} AND COALESCE(l.describes, TRUE){% endif %} AS is_record,
        v.version_state IN ('current', 'past'){% if contract.feed == "patients" %} AND COALESCE(l.describes, TRUE){% endif %} AND ROW_NUMBER() OVER (
            PARTITION BY v."{{ contract.key }}", v.version_state IN ('current', 'past')
            ORDER BY v.first_batch_date ASC{% if contract.event_date %}, v."{{ contract.event_date }}" ASC{% endif %}

        ) = 1 AS is_event,
        1 AS sign
    FROM clinical.{{ contract.feed }} AS v
    {% if contract.feed == "patients" %}
    LEFT JOIN clinical.lifespan AS l ON v.patient_id = l.patient_id
    {% else %}
    INNER JOIN resolved.fate AS x
        ON
            v.load_id = x.load_id
            AND v.row_number = x.row_number
            AND x.feed = '{{ contract.feed }}'
            AND x.version_state IS NOT NULL
    {% endif %}
),

{% if contract.feed != "patients" %}
{{ contract.feed }}_taken_out AS (
    SELECT
        r.*,
        f.site,
        f.batch_date,
        f.batch_date AS first_batch_date,
        {{ event_day(contract, "r.") }} AS event_date,
        r.status <> 'cancelled' AS is_record,
        TRUE AS is_event,
        -1 AS sign
    FROM resolved.fate AS x
    INNER JOIN received.{{ contract.feed }} AS r
        ON x.load_id = r.load_id AND x.row_number = r.row_number AND x.reading = r.reading
    INNER JOIN received.file AS f ON r.load_id = f.load_id
    WHERE x.feed = '{{ contract.feed }}'
),

{% endif %}
{% endfor %}
every_count AS (
    SELECT
        c.feed,
        COALESCE(f.site, '') AS site,
        f.batch_date,
        c.what,
        c.event_date,
        c.numerator,
        c.denominator
    FROM resolved.row_count AS c
    INNER JOIN received.file AS f ON c.load_id = f.load_id
    {% for contract in feeds if contract.of_patients %}
    {% for rows in (["row"] if contract.feed == "patients" else ["row", "taken_out"]) %}
    UNION ALL
    SELECT
        '{{ contract.feed }}' AS feed,
        c.*
    FROM (
        {{ counted(contract, contract.feed + "_" + rows, ["site", "batch_date"], ["site", "first_batch_date"]) }}
    ) AS c
    {% endfor %}
    {% endfor %}
),

{% set same_person = (feeds | selectattr("feed", "equalto", "patients") | first).same_event | join(", ") %}
patient_in_turn AS (
    SELECT
        load_id,
        row_number,
        ROW_NUMBER() OVER (PARTITION BY {{ same_person }} ORDER BY patient_id ASC) AS person_order,
        ROW_NUMBER() OVER (PARTITION BY {{ same_person }}, site ORDER BY patient_id ASC) AS site_order
    FROM patients_row
    WHERE is_record
),

repeated AS (
    SELECT
        'patients' AS feed,
        load_id,
        row_number,
        site_order > 1 AS is_within_site
    FROM patient_in_turn
    WHERE person_order > 1
    UNION ALL
    SELECT
        feed,
        load_id,
        row_number,
        is_within_site
    FROM derived.repeated_event
),

-- A key item that is missing sets its row aside: such a row is to have it, and has it not.
unknown_item AS (
    SELECT
        l.site,
        l.batch_date,
        l.source,
        l.feed,
        'completeness_' || i.item AS indicator,
        COUNT(*) AS records
    FROM resolved.fate AS x
    INNER JOIN (
        VALUES
        {% set items = [] %}
        {% for contract in feeds if contract.of_patients %}
        {% for item in contract.key_items %}
        {% set _ = items.append("('%s', '%s')" | format(contract.feed, item.name)) %}
        {% endfor %}
        {% endfor %}
        {{ items | join(",\n        ") }}
    ) AS i (feed, item)
        ON x.feed = i.feed AND STRPOS(',' || x.rule_ids || ',', ',' || i.feed || '.' || i.item || '.missing,') > 0
    INNER JOIN ops.standing_load AS l ON x.load_id = l.load_id
    WHERE x.state = 'open'
    GROUP BY l.site, l.batch_date, l.source, l.feed, i.item
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
UNION ALL
SELECT
    c.site,
    c.batch_date,
    d.source,
    c.feed,
    'completeness' AS kind,
    c.what AS indicator,
    CAST(SUM(c.numerator) AS BIGINT) AS numerator,
    CAST(SUM(c.denominator) AS BIGINT) AS denominator
FROM every_count AS c
INNER JOIN department AS d ON c.feed = d.feed
WHERE c.what NOT IN ('records', 'events')
GROUP BY c.site, c.batch_date, d.source, c.feed, c.what
UNION ALL
SELECT
    c.site,
    c.batch_date,
    d.source,
    c.feed,
    'timeliness' AS kind,
    'timeliness' AS indicator,
    CAST(SUM(CASE WHEN c.batch_date - c.event_date <= w.days THEN c.denominator ELSE 0 END) AS BIGINT) AS numerator,
    CAST(SUM(c.denominator) AS BIGINT) AS denominator
FROM every_count AS c
INNER JOIN department AS d ON c.feed = d.feed
INNER JOIN started AS s ON c.feed = s.feed AND c.event_date >= s.first_day
CROSS JOIN window_of_time AS w
WHERE c.what = 'events'
GROUP BY c.site, c.batch_date, d.source, c.feed
HAVING SUM(c.denominator) > 0
UNION ALL
SELECT
    c.site,
    c.batch_date,
    d.source,
    c.feed,
    'duplicates' AS kind,
    'duplicates' AS indicator,
    0 AS numerator,
    c.denominator AS denominator
FROM every_count AS c
INNER JOIN department AS d ON c.feed = d.feed
WHERE c.what = 'records'
UNION ALL
SELECT
    CASE WHEN r.is_within_site THEN f.site ELSE '' END AS site,
    f.batch_date,
    d.source,
    r.feed,
    'duplicates' AS kind,
    'duplicates' AS indicator,
    COUNT(*) AS numerator,
    0 AS denominator
FROM repeated AS r
INNER JOIN department AS d ON r.feed = d.feed
LEFT JOIN resolved.fate AS x
    ON r.load_id = x.load_id AND r.row_number = x.row_number AND r.feed = x.feed AND x.version_state IS NOT NULL
INNER JOIN received.file AS f ON COALESCE(x.last_load_id, r.load_id) = f.load_id
GROUP BY CASE WHEN r.is_within_site THEN f.site ELSE '' END, f.batch_date, d.source, r.feed
