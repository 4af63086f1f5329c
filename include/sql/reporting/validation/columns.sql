-- Columns that say something else than usual, as their alarm tells them.
{% include "alarms/column_unusual.sql" %}
