#!/bin/sh
# The service `dashboard-setup` of compose.yml. It can be run again: what is there is brought up to date.
set -eu

superset db upgrade
# The same command for an administrator that is there already leaves the old password.
superset fab create-admin --username admin --firstname Admin --lastname Admin --email admin@localhost --password "$ADMIN_PASSWORD"
superset fab reset-password --username admin --password "$ADMIN_PASSWORD"
superset init

# It wants one folder in a zip.
python3 -c "import shutil; shutil.make_archive('/tmp/bundle', 'zip', '/bundle', 'aws_delegation')"
superset import-dashboards --path /tmp/bundle.zip --username admin
# The bundle names localhost. The password comes from PGPASSWORD.
superset set-database-uri --database_name aws_delegation --uri postgresql+psycopg2://aws_delegation_reader@postgres:5432/aws_delegation
