-- Whether the sample `m` was taken before the session `f` of its day: by their instants where both are known, else by
-- their wall clocks; null = the session or the sample has no clock.
{% macro before_session() %}
CASE
            WHEN m.collected_at_precision IS NULL
                THEN COALESCE(m.collected_at_instant <= f.started_at_instant, m.collected_at <= f.started_at)
        END
{%- endmacro %}
