{% from 'disclosure/told.sql' import told with context %}
-- Counts of who entered, had the event or was censored, as they leave the house: months are whole, and of each flow by a
-- month only whole steps of persons are told. Whoever is left over is censored at the curve's end. Those without a time
-- are told in whole steps, too.
WITH flow AS (
    SELECT
        {{ curve }},
        counted.cause,
        way.flow,
        way.month,
        CAST(SUM(way.persons) AS BIGINT) AS persons
    FROM {{ counts }} AS counted
    CROSS JOIN
        LATERAL (
            VALUES
            ('entered', FLOOR(counted.months), counted.entered),
            ('events', CEIL(counted.months), counted.events),
            ('censored', CEIL(counted.months), counted.censored)
        ) AS way (flow, month, persons)
    WHERE way.persons > 0
    GROUP BY {{ curve }}, counted.cause, way.flow, way.month
),

summed AS (
    SELECT
        flow.*,
        CAST(
            SUM(persons) OVER (PARTITION BY {{ curve }}, cause, flow ORDER BY month ASC NULLS LAST) AS BIGINT
        ) AS upto
    FROM flow
),

told AS (
    SELECT
        {{ curve }},
        cause,
        flow,
        month,
        persons,
        {{ told("upto", limit) }} - {{ told("(upto - persons)", limit) }} AS told_persons
    FROM summed
),

whole AS (
    SELECT
        {{ curve }},
        COALESCE(MAX(month + CASE WHEN flow = 'entered' THEN 1 ELSE 0 END) FILTER (WHERE told_persons > 0), 0) AS month,
        CAST(SUM(persons) FILTER (WHERE flow <> 'entered') AS BIGINT) AS persons,
        CAST(COALESCE(SUM(told_persons) FILTER (WHERE flow <> 'entered'), 0) AS BIGINT) AS told_persons
    FROM told
    GROUP BY {{ curve }}
),

leaving AS (
    SELECT
        {{ curve }},
        cause,
        flow,
        month,
        told_persons
    FROM told
    WHERE told_persons > 0
    UNION ALL
    SELECT
        {{ curve }},
        'none' AS cause,
        'censored' AS flow,
        month,
        {{ told("persons", limit) }} - told_persons AS told_persons
    FROM whole
    WHERE persons > {{ limit }}
    {%- for flow, persons in (('not_evaluable', 'not_evaluable'), ('imputed', 'imputed_times')) %}
    UNION ALL
    SELECT
        {{ curve }},
        counted.cause,
        '{{ flow }}' AS flow,
        CAST(NULL AS DOUBLE PRECISION) AS month,
        {{ told("CAST(SUM(counted." ~ persons ~ ") AS BIGINT)", limit) }} AS told_persons
    FROM {{ counts }} AS counted
    GROUP BY {{ curve }}, counted.cause
    HAVING SUM(counted.{{ persons }}) > {{ limit }}
    {%- endfor %}
)

SELECT
    {{ curve }},
    CAST(NULL AS BIGINT) AS days,
    CAST(month AS DOUBLE PRECISION) AS months,
    cause,
    CAST(SUM(CASE WHEN flow = 'entered' THEN told_persons ELSE 0 END) AS BIGINT) AS entered,
    CAST(SUM(CASE WHEN flow = 'events' THEN told_persons ELSE 0 END) AS BIGINT) AS events,
    CAST(SUM(CASE WHEN flow = 'censored' THEN told_persons ELSE 0 END) AS BIGINT) AS censored,
    CAST(SUM(CASE WHEN flow = 'not_evaluable' THEN told_persons ELSE 0 END) AS BIGINT) AS not_evaluable,
    CAST(SUM(CASE WHEN flow = 'imputed' THEN told_persons ELSE 0 END) AS BIGINT) AS imputed_times
FROM leaving
GROUP BY {{ curve }}, month, cause
