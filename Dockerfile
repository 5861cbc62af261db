# syntax=docker/dockerfile:1
# One image for every role; docker-compose.yml says which command each container runs.

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements.lock requirements-dev.lock ./
# The build backend's own pin stands in the other lock file; its venv stays behind in this stage.
RUN awk '/^[^ #]/ { wanted = /^setuptools==/ } wanted' requirements-dev.lock > build.lock \
 && python -m venv /build/backend \
 && /build/backend/bin/pip install --require-hashes -r build.lock \
 && python -m venv /opt/nianbao \
 && /opt/nianbao/bin/pip install --require-hashes -r requirements.lock
COPY . .
RUN /build/backend/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/nianbao/bin/pip install --no-deps dist/nianbao-*.whl

FROM python:3.13-slim-trixie
RUN groupadd --gid 10001 nianbao \
 && useradd --uid 10001 --gid nianbao --no-create-home --home-dir /var/lib/nianbao --shell /usr/sbin/nologin nianbao \
 && install -d -m 700 -o nianbao -g nianbao /var/lib/nianbao /var/lib/nianbao/archive /var/backups/nianbao
COPY --from=build /opt/nianbao /opt/nianbao
WORKDIR /app
COPY alembic.ini scrapy.cfg LICENSE ./
ENV PATH=/opt/nianbao/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NIANBAO_HOME=/var/lib/nianbao \
    NIANBAO_LOG_FORMAT=json
USER 10001:10001
# The ledger can be reached, and this program can work with its tables.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
  CMD ["nianbao", "db", "version"]
ENTRYPOINT []
CMD ["nianbao", "--help"]
