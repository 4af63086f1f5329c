-- Whether the sample `m` was taken before the session `f`: by their instants where both are known, else by their days
-- and, on the session's day, wall clocks; null = the session or the sample of its day has no clock.
{% macro before_session() %}
CASE
            WHEN m.collected_on <> f.performed_on
                THEN COALESCE(m.collected_at_instant <= f.started_at_instant, m.collected_on < f.performed_on)
            WHEN m.collected_at_precision IS NULL
                THEN COALESCE(m.collected_at_instant <= f.started_at_instant, m.collected_at <= f.started_at)
        END
{%- endmacro %}
-- Calendar days from the session to the sample. One that was taken before the session, but on a later day by the clock
-- of another offset, is of the session's day; so is one that was taken after it on an earlier day.
{% macro day_of() %}
CASE
            WHEN m.collected_at_instant <= f.started_at_instant THEN LEAST(m.collected_on - f.performed_on, 0)
            WHEN m.collected_at_instant > f.started_at_instant THEN GREATEST(m.collected_on - f.performed_on, 0)
            ELSE m.collected_on - f.performed_on
        END
{%- endmacro %}
-- The samples with `latest_instant`, which orders them, and wall clocks where it is the same: their instant. One
-- without has the latest of those that are earlier on the wall clock, so it comes after them; null = it comes before
-- all that have one. Windows are dear: samples of patients of whom no instant is known go without.
{% macro with_latest_instant(samples, partition) %}
SELECT
        s.*,
        COALESCE(
            s.collected_at_instant,
            MAX(s.collected_at_instant) OVER (PARTITION BY {{ partition }} ORDER BY s.collected_at NULLS FIRST)
        ) AS latest_instant
    FROM {{ samples }} AS s
    WHERE
        EXISTS (
            SELECT 1 FROM {{ samples }} AS o WHERE o.patient_id = s.patient_id AND o.collected_at_instant IS NOT NULL
        )
    UNION ALL
    SELECT
        s.*,
        CAST(NULL AS TIMESTAMP) AS latest_instant
    FROM {{ samples }} AS s
    WHERE
        NOT EXISTS (
            SELECT 1 FROM {{ samples }} AS o WHERE o.patient_id = s.patient_id AND o.collected_at_instant IS NOT NULL
        )
{%- endmacro %}
