#!/bin/sh
# Django's own checks of a production installation, with values such as a real one has; no server is contacted.
set -eu
cd "$(dirname "$0")/.."
secret() { .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(48))'; }

CLAUSUM_MODE=production \
SECRET_KEY=$(secret) \
API_KEY_PEPPER=$(secret) \
DATABASE_URL='postgresql://clausum@db.bank.example/clausum?sslmode=verify-full' \
CELERY_BROKER_URL=rediss://queue.bank.example:6379/0 \
CACHE_URL=rediss://cache.bank.example:6379/1 \
ALLOWED_HOSTS=clausum.bank.example \
BASE_URL=https://clausum.bank.example \
SMTP_URL=smtp://clausum:secret@mail.bank.example:587 \
MAIL_FROM='Clausum <avisos@bank.example>' \
    exec .venv/bin/python manage.py check --deploy --fail-level WARNING
