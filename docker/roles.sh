#!/bin/bash
# Runs once, when the database is created. One role owns and migrates the tables; the server logs in as another,
# which owns nothing and may only become the application or the worker.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$OWNER_PASSWORD" --set server_password="$SERVER_PASSWORD" <<'SQL'
create role orderloom_owner login password :'owner_password';
create role orderloom_server login noinherit password :'server_password';
create role orderloom_app nologin;
create role orderloom_worker nologin;
create role orderloom_search nologin;
grant orderloom_app, orderloom_worker to orderloom_owner, orderloom_server with inherit false, set true;
grant orderloom_search to orderloom_owner with inherit false, set true;
create database orderloom owner orderloom_owner;
revoke all on database orderloom from public;
grant connect on database orderloom to orderloom_server;
SQL
