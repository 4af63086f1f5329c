# The platform's only image: Airflow's components, workers and `./registry` all run from it.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS environment
ARG UV_VERSION=0.13.9
COPY requirements.txt /build/
RUN python -m pip install --quiet --no-cache-dir --target /build/uv uv==${UV_VERSION} \
 && python -m venv --without-pip /opt/registry/.venv \
 && /build/uv/bin/uv pip sync --quiet --no-cache --python /opt/registry/.venv/bin/python \
    --require-hashes --compile-bytecode /build/requirements.txt

FROM ${PYTHON_IMAGE}
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="liver-registry" \
      org.opencontainers.image.description="Nightly ingestion of a liver-tumour registry under Airflow" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# pip, and all that could install or build something, stays in the first stage.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3.11/site-packages/pip* /usr/local/lib/python3.11/ensurepip \
 && useradd --uid 50000 --gid 0 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin registry \
 && mkdir -p /opt/registry/var && cd /opt/registry/var && mkdir freezes logs marts reports scratch \
 && chown -R registry:root /opt/registry/var && chmod -R 0770 /opt/registry/var
COPY --from=environment /opt/registry/.venv /opt/registry/.venv
COPY deploy/entrypoint deploy/healthy deploy/webserver_config.py /opt/registry/deploy/
COPY dags /opt/registry/dags
COPY plugins /opt/registry/plugins
COPY include /opt/registry/include
RUN cd /opt/registry && .venv/bin/python -m compileall -q dags plugins include \
 && PYTHONPATH=. .venv/bin/python -c "from include.warehouse.sql import compile_templates; compile_templates()" \
 && chmod -R a+rX include
ENV PATH=/opt/registry/.venv/bin:$PATH \
    PYTHONPATH=/opt/registry \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    AIRFLOW_HOME=/tmp/airflow \
    PGPASSFILE=/tmp/.pgpass \
    MPLCONFIGDIR=/tmp/matplotlib \
    GX_ANALYTICS_ENABLED=false
WORKDIR /opt/registry
USER 50000:0
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/registry/deploy/entrypoint"]
CMD ["python", "-m", "include.running.cli", "--help"]
