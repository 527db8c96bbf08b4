"""Superset as compose.yml runs it: its own tables in PostgreSQL, nothing sent anywhere, one machine, no proxy in front."""

import os

from sqlalchemy.engine import URL

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = URL.create(
    "postgresql+psycopg2",
    username="aws_delegation_dashboard",
    password=os.environ["DASHBOARD_PASSWORD"],
    host="postgres",
    port=5432,
    database="aws_delegation_dashboard",
).render_as_string(hide_password=False)

# It is reached by HTTP on 127.0.0.1: a browser would not send a cookie back that wants HTTPS. docs/compose.md says what a proxy changes.
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
# One process: what it counts is all there is.
RATELIMIT_STORAGE_URI = "memory://"
