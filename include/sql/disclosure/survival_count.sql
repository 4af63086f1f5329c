-- derived.survival_count as it leaves the house.
-- Makes: told_count.
CREATE TEMPORARY TABLE told_count AS
{% set counts = "derived.survival_count" %}
{% set curve = "endpoint, rule, criteria, estimate, entry, stratification, stratum, immortal_time, landmark_months" %}
{% include 'disclosure/flow.sql' %}
