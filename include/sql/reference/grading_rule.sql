{% from 'derived/grading.sql' import grading_rules with context %}
{{ grading_rules() }}
