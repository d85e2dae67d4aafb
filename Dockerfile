# The site as one image: the web server by default, the worker and the release step with another
# command (compose.yaml). Settings come from the environment; see .env.example.

FROM python:3.13-slim AS packages
COPY requirements/production.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /tmp/requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin casepilot
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
# The files are hashed and compressed here, once. The values only let the settings load; none of
# them stays in the image.
RUN SECRET_KEY=only-for-the-build SITE_URL=https://casepilot.example \
    DATABASE_URL=postgresql:///none EMAIL_URL=smtp://127.0.0.1 \
    python manage.py collectstatic --no-input --verbosity 0
USER casepilot
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s --retries=3 \
  CMD ["python", "-m", "scripts.healthcheck"]
# Two processes of four threads: the measured best for short synchronous views. Their signs of life
# go to memory, where no slow disk makes them look dead.
CMD ["gunicorn", "casepilot_site.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", \
     "--graceful-timeout", "20"]
