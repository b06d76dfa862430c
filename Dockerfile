# The site's image: web server, worker and clock differ only in their command. No secret is in it.

FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext libgdal32 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/site
RUN python -m venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH
COPY requirements/base.txt requirements/
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt
COPY . .
# Neither step asks for a database or a key.
RUN DJANGO_SETTINGS_MODULE=config.settings.development python manage.py compilemessages \
    && DJANGO_SETTINGS_MODULE=config.settings.development python manage.py collectstatic --no-input

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgdal32 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /tmp --shell /usr/sbin/nologin site \
    && install -d -o 10001 -m 700 /srv/documents /srv/attachments /srv/matplotlib
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/site /srv/site
WORKDIR /srv/site
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    DOCUMENTS_ROOT=/srv/documents \
    ATTACHMENTS_ROOT=/srv/attachments \
    MPLCONFIGDIR=/srv/matplotlib \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001
# The list of fonts takes seconds to make: nobody waits for it with the first chart.
RUN python -c "import matplotlib.font_manager"
# Analysis documents, and the files of log entries: all containers share them, and they belong into the backup.
VOLUME ["/srv/documents", "/srv/attachments"]
# A container's own copy: Matplotlib uses the list only where it could write it, and the container is read-only.
VOLUME ["/srv/matplotlib"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "script/alive.py"]
CMD ["python", "-m", "gunicorn", "--config", "config/gunicorn.py"]
