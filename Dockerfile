# The tool as an image: not root, no build tools, and nothing is written but below /data and /tmp.
# 'docker build .'; docs/operator.md says how to run it.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
RUN python -m venv --without-pip /opt/worksheets
COPY requirements.txt requirements-build.txt ./
RUN pip install --require-hashes --requirement requirements-build.txt \
    && pip --python /opt/worksheets/bin/python install --require-hashes --requirement requirements.txt
COPY . .
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && pip --python /opt/worksheets/bin/python install --no-deps --no-index /wheel/*.whl
ENV PATH=/opt/worksheets/bin:$PATH STATIC_ROOT=/opt/worksheets/static
RUN lti-worksheets collectstatic --noinput && python -m whitenoise.compress --quiet "$STATIC_ROOT"

FROM python:${PYTHON}
COPY --from=build /opt/worksheets /opt/worksheets
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin worksheets \
    && install --directory --owner=worksheets --group=worksheets --mode=0700 /data
ENV PATH=/opt/worksheets/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/opt/worksheets/static \
    DATABASE_URL=sqlite:////data/worksheets.sqlite3 \
    WEB_CONCURRENCY=2
USER 10001:10001
WORKDIR /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s \
    CMD ["python", "-m", "lti_tool.server.probe", "http://127.0.0.1:8000/healthz"]
# No migration here: several of these start at once. Run 'lti-worksheets migrate' first.
CMD ["gunicorn", "lti_tool.wsgi", "--bind=0.0.0.0:8000", "--threads=8", "--keep-alive=75", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
