"""The ways to start it: the command line (cli), the nights through Airflow (nightly), the measurement (bench)."""
