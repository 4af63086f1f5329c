-- MD5 of the values that the critical rule of the failing row `f` judges in the row `s`; null = nobody can override it.
CASE f.rule_id
{% for rule in rules %}
            WHEN '{{ rule.rule_id }}' THEN {{ hash_of('s', rule.columns) }}
{% else %}
            WHEN '' THEN NULL
{% endfor %}
        END
