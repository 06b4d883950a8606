# Builds one image for web, worker, scheduler and the one-shot "migrate" of docker-compose.yml.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --compile -r /tmp/requirements.txt

FROM python:3.13-slim-bookworm
# Nobody's password, nobody's shell; the data folder is the only place this user may write to.
RUN groupadd --system --gid 10001 lectern \
 && useradd --system --uid 10001 --gid lectern --no-create-home --shell /usr/sbin/nologin lectern \
 && install -d -m 0700 -o lectern -g lectern /var/lib/lectern
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/lectern
COPY . .
RUN /opt/venv/bin/python -m compileall -q .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.base \
    LECTERN_HOME=/var/lib/lectern \
    HOST=0.0.0.0 \
    PORT=8000
USER lectern
VOLUME /var/lib/lectern
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-m", "scripts.supervisor.health"]
CMD ["python", "-m", "gunicorn"]
