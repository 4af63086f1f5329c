{% macro as_at(share) -%}
CASE
            WHEN d.{{ share }} IS NULL OR d.recent_rows < COALESCE(t.minimum_rows, 1) THEN NULL
            ELSE
                CASE
                    WHEN d.rows_received < COALESCE(t.minimum_rows, 1)
                        THEN d.recent_filled * 100 >= COALESCE(t.low, 0) * d.{{ share }} * d.recent_rows
                    ELSE d.rows_filled * 100 >= COALESCE(t.low, 0) * d.{{ share }} * d.rows_received
                END
                OR (d.{{ share }} * d.recent_rows - d.recent_filled) * (d.{{ share }} * d.recent_rows - d.recent_filled)
                <= 9 * d.recent_rows * d.{{ share }} * (1 - d.{{ share }})
        END
{%- endmacro %}
-- In what share of a day's rows a column is filled, against the site's usual: the eight extracts before it that had
-- rows, so that a column that is lost at once is told; and the latest eight together against the best eight in
-- succession of the 180 before them, so that one that shrinks slowly is told, one of small extracts, and one that is
-- not mended, until an extract is itself as at the top of the 180 before it; where it has few rows, until the latest
-- eight are. The top is known from the third extract on, so that the alarm of a new site is one. The first extract,
-- which holds everything, is not among the best. Of a rare column more than three standard deviations have to be
-- missing, in either comparison. Full exports are compared with full exports, and what came since a change that the
-- site confirmed with what came since. Of each site and feed the latest 400 days of a kind are looked at: the best are
-- 180 of them. A kind that has not come for 60 extracts is over.
WITH
kind_day AS (
    SELECT
        l.site,
        l.source,
        l.feed,
        COALESCE(f.is_full, FALSE) AS is_full,
        l.batch_date,
        l.load_id,
        l.rows_received,
        DENSE_RANK() OVER (
            PARTITION BY l.site, l.feed, COALESCE(f.is_full, FALSE) ORDER BY l.batch_date DESC
        ) AS age_of_kind
    FROM ops.standing_file AS l
    INNER JOIN received.file AS f ON l.load_id = f.load_id
    WHERE l.state = 'loaded' AND l.rows_received > 0
),

every_day AS (
    SELECT
        l.site,
        l.source,
        l.feed,
        l.is_full,
        l.batch_date,
        c.column_name,
        CAST(SUM(l.rows_received) AS BIGINT) AS rows_received,
        CAST(SUM(c.rows_filled) AS BIGINT) AS rows_filled
    FROM kind_day AS l
    INNER JOIN received.standing_reading AS r ON l.load_id = r.load_id
    INNER JOIN received.filled AS c ON r.load_id = c.load_id AND r.reading = c.reading
    WHERE l.age_of_kind <= 400
    GROUP BY l.site, l.source, l.feed, l.is_full, l.batch_date, c.column_name
),

day_of AS (
    SELECT
        *,
        age_of_kind = 1 AND age <= 60 AS is_latest
    FROM (
        SELECT
            e.*,
            COALESCE(e.batch_date >= h.valid_from, FALSE) AS is_since,
            ROW_NUMBER() OVER (PARTITION BY e.site, e.feed, e.column_name ORDER BY e.batch_date DESC) AS age,
            ROW_NUMBER() OVER (
                PARTITION BY e.site, e.feed, e.column_name, e.is_full ORDER BY e.batch_date DESC
            ) AS age_of_kind
        FROM every_day AS e
        LEFT JOIN ops.changed_column AS h
            ON e.site = h.site AND e.feed = h.feed AND e.column_name = h.column_name
    ) AS aged
),

compared AS (
    SELECT
        *,
        COUNT(*) OVER before_it AS earlier_extracts,
        SUM(rows_received) OVER before_it AS usual_rows,
        SUM(rows_filled) OVER before_it AS usual_filled,
        CAST(SUM(rows_received) OVER with_it AS DOUBLE PRECISION) AS recent_rows,
        CAST(SUM(rows_filled) OVER with_it AS DOUBLE PRECISION) AS recent_filled,
        CAST(SUM(rows_filled) OVER before_it AS DOUBLE PRECISION) / SUM(rows_received) OVER before_it AS usual_share
    FROM day_of
    WINDOW
        before_it AS (
            PARTITION BY site, feed, column_name, is_full, is_since ORDER BY batch_date ASC
            ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING
        ),
        with_it AS (
            PARTITION BY site, feed, column_name, is_full, is_since ORDER BY batch_date ASC
            ROWS BETWEEN 7 PRECEDING AND CURRENT ROW
        )
),

without_first AS (
    SELECT
        *,
        CAST(SUM(CASE WHEN earlier_extracts > 0 THEN rows_filled END) OVER with_it AS DOUBLE PRECISION)
        / SUM(CASE WHEN earlier_extracts > 0 THEN rows_received END) OVER with_it AS early_share
    FROM compared
    WINDOW
        with_it AS (
            PARTITION BY site, feed, column_name, is_full, is_since ORDER BY batch_date ASC
            ROWS BETWEEN 7 PRECEDING AND CURRENT ROW
        )
),

best AS (
    SELECT
        *,
        MAX(CASE WHEN earlier_extracts = 8 THEN early_share END) OVER (
            PARTITION BY site, feed, column_name, is_full, is_since ORDER BY batch_date ASC
            ROWS BETWEEN 180 PRECEDING AND 8 PRECEDING
        ) AS best_share,
        MAX(CASE WHEN earlier_extracts >= 2 THEN early_share END) OVER (
            PARTITION BY site, feed, column_name, is_full, is_since ORDER BY batch_date ASC
            ROWS BETWEEN 180 PRECEDING AND 1 PRECEDING
        ) AS top_share
    FROM without_first
),

judged AS (
    SELECT
        d.*,
        t.low,
        CASE
            WHEN d.earlier_extracts < 3 OR d.rows_received < COALESCE(t.minimum_rows, 1) THEN NULL
            ELSE
                CAST(d.rows_filled AS DOUBLE PRECISION) * d.usual_rows * 100
                >= COALESCE(t.low, 0) * CAST(d.usual_filled AS DOUBLE PRECISION) * d.rows_received
                OR (d.usual_share * d.rows_received - d.rows_filled) * (d.usual_share * d.rows_received - d.rows_filled)
                <= 9 * d.rows_received * d.usual_share * (1 - d.usual_share)
        END AS is_as_before,
        {{ as_at('best_share') }} AS is_itself_as_at_best,
        {{ as_at('top_share') }} AS is_itself_as_at_top,
        CASE
            WHEN d.recent_rows >= COALESCE(t.minimum_rows, 1)
                THEN d.recent_filled * 100 >= COALESCE(t.low, 0) * d.best_share * d.recent_rows
        END AS is_recently_as_at_best
    FROM best AS d
    LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'coverage' AND d.feed = t.feed
),

in_order AS (
    SELECT
        *,
        CASE
            WHEN NOT is_as_before OR NOT (is_itself_as_at_best OR is_recently_as_at_best) THEN FALSE
            WHEN is_as_before OR is_itself_as_at_best OR is_recently_as_at_best THEN TRUE
        END AS in_band
    FROM judged
),

since AS (
    SELECT
        *,
        MAX(CASE WHEN in_band AND is_itself_as_at_top THEN batch_date END)
            OVER (PARTITION BY site, feed, column_name, is_full, is_since) AS last_in_order
    FROM in_order
)

SELECT
    site,
    source,
    feed,
    batch_date,
    column_name,
    is_full,
    is_latest,
    rows_received,
    rows_filled,
    CAST(100.0 * rows_filled / rows_received AS DOUBLE PRECISION) AS filled_percent,
    CAST(100.0 * usual_filled / usual_rows AS DOUBLE PRECISION) AS usual_percent,
    CAST(100.0 * recent_filled / recent_rows AS DOUBLE PRECISION) AS recent_percent,
    100.0 * best_share AS best_percent,
    100.0 * top_share AS highest_percent,
    low,
    in_band,
    MIN(CASE WHEN NOT in_band AND batch_date > COALESCE(last_in_order, DATE '0001-01-01') THEN batch_date END)
        OVER (PARTITION BY site, feed, column_name, is_full, is_since) AS low_batch_date
FROM since
