{% from 'ops/counted.sql' import counted, event_day with context %}
{% set patients = feeds | selectattr("feed", "equalto", "patients") | first %}
-- What the registry's indicators are counted from, by site, feed and day of extract. Of a person's ids only the row that
-- describes the person is a record; merges are none. What only another site has told before is a duplicate of no site:
-- it counts among all sites. An event counts as its key's earliest version tells it. Rows were counted once they were
-- resolved, each as if it were the only version of its key (resolved.row_count). A row of which that is not so has a
-- fate: it is taken out (sign -1), and counted as the record has it. Patients are few: all are counted here.
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

-- The key items of each feed, in the contract's order.
item (feed, item, place) AS (
    VALUES
    {% set items = [] %}
    {% for contract in feeds if contract.of_patients %}
    {% for item in contract.key_items %}
    {% set _ = items.append("('%s', '%s', %d)" | format(contract.feed, item.name, loop.index)) %}
    {% endfor %}
    {% endfor %}
    {{ items | join(",\n    ") }}
),

department (feed, source) AS (
    VALUES
    {% for contract in feeds if contract.of_patients %}
    ('{{ contract.feed }}', '{{ contract.source }}'){{ "," if not loop.last }}
    {% endfor %}
),

patients_row AS (
    SELECT
        v.*,
        {{ event_day(patients, "v.") }} AS event_date,
        v.version_state = 'current' AND v.status <> 'cancelled' AND COALESCE(l.describes, TRUE) AS is_record,
        v.version_state IN ('current', 'past') AND COALESCE(l.describes, TRUE) AND ROW_NUMBER() OVER (
            PARTITION BY v."{{ patients.key }}", v.version_state IN ('current', 'past')
            ORDER BY v.first_batch_date ASC, v."{{ patients.event_date }}" ASC
        ) = 1 AS is_event
    FROM clinical.patients AS v
    LEFT JOIN clinical.lifespan AS l ON v.patient_id = l.patient_id
),

with_fate AS (
    SELECT
        x.feed,
        f.site,
        f.batch_date,
        f.batch_date AS first_batch_date,
        x.event_date,
        NOT x.is_cancelled AS is_record,
        TRUE AS is_event,
        x.items,
        -1 AS sign
    FROM resolved.fate AS x
    INNER JOIN received.file AS f ON x.load_id = f.load_id
    WHERE x.feed <> 'patients'
    UNION ALL
    SELECT
        x.feed,
        f.site,
        b.batch_date,
        f.batch_date AS first_batch_date,
        x.event_date,
        x.version_state = 'current' AND NOT x.is_cancelled AS is_record,
        x.version_state IN ('current', 'past') AND ROW_NUMBER() OVER (
            PARTITION BY x.feed, x.record_key, x.version_state IN ('current', 'past')
            ORDER BY f.batch_date ASC, x.event_date ASC
        ) = 1 AS is_event,
        x.items_held AS items,
        1 AS sign
    FROM resolved.fate AS x
    INNER JOIN received.file AS f ON x.load_id = f.load_id
    INNER JOIN received.file AS b ON COALESCE(x.last_load_id, x.load_id) = b.load_id
    WHERE x.feed <> 'patients' AND x.version_state IS NOT NULL
),

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
    UNION ALL
    SELECT
        'patients' AS feed,
        c.*
    FROM (
        {{ counted(patients, "patients_row", ["site", "batch_date"], ["site", "first_batch_date"]) }}
    ) AS c
    UNION ALL
    SELECT
        feed,
        COALESCE(site, '') AS site,
        batch_date,
        'records' AS what,
        CAST(NULL AS DATE) AS event_date,
        SUM(sign) AS numerator,
        SUM(sign) AS denominator
    FROM with_fate
    WHERE is_record
    GROUP BY feed, COALESCE(site, ''), batch_date
    UNION ALL
    SELECT
        w.feed,
        COALESCE(w.site, '') AS site,
        w.batch_date,
        'completeness_' || i.item AS what,
        CAST(NULL AS DATE) AS event_date,
        SUM(CASE WHEN SUBSTR(w.items, i.place, 1) = '1' THEN w.sign ELSE 0 END) AS numerator,
        SUM(CASE WHEN SUBSTR(w.items, i.place, 1) = '-' THEN 0 ELSE w.sign END) AS denominator
    FROM with_fate AS w
    INNER JOIN item AS i ON w.feed = i.feed
    WHERE w.is_record
    GROUP BY w.feed, COALESCE(w.site, ''), w.batch_date, i.item
    UNION ALL
    SELECT
        feed,
        COALESCE(site, '') AS site,
        first_batch_date AS batch_date,
        'events' AS what,
        event_date,
        SUM(sign) AS numerator,
        SUM(sign) AS denominator
    FROM with_fate
    WHERE is_event AND event_date IS NOT NULL
    GROUP BY feed, COALESCE(site, ''), first_batch_date, event_date
),

patient_in_turn AS (
    SELECT
        load_id,
        row_number,
        ROW_NUMBER() OVER (PARTITION BY {{ patients.same_event | join(', ') }} ORDER BY patient_id ASC) AS person_order,
        ROW_NUMBER() OVER (PARTITION BY {{ patients.same_event | join(', ') }}, site ORDER BY patient_id ASC) AS site_order
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
    INNER JOIN item AS i
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
