-- Whether the sample `m` was taken before the session `f` of its day: by their instants where both are known, else by
-- their wall clocks; null = the session has no clock.
{% macro before_session() %}
COALESCE(m.collected_at_instant <= f.started_at_instant, m.collected_at <= f.started_at)
{%- endmacro %}
