#!/bin/sh
# What the image it stands in for does with the variables that our files set. Root hands over to the server's user.
set -eu
umask 077
[ -z "${POSTGRES_PASSWORD_FILE:-}" ] || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
unset POSTGRES_PASSWORD_FILE
export POSTGRES_PASSWORD="${POSTGRES_PASSWORD:-}"
if [ "$(id -u)" = 0 ]; then
  chown 999:999 "$PGDATA"
  exec setpriv --reuid 999 --regid 999 --clear-groups "$0" "$@"
fi
user=${POSTGRES_USER:-postgres}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  [ "$method" = trust ] || : "${POSTGRES_PASSWORD:?}"
  printf '%s\n' "${POSTGRES_PASSWORD:-none}" >/var/run/postgresql/password
  initdb --pgdata="$PGDATA" --username="$user" --pwfile=/var/run/postgresql/password --locale=C.UTF-8 --auth-local=trust --auth-host="$method"
  rm /var/run/postgresql/password
  echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
  pg_ctl --wait --options="-c listen_addresses=''" start
  [ "${POSTGRES_DB:-$user}" = postgres ] || createdb --username="$user" "${POSTGRES_DB:-$user}"
  pg_ctl --wait --mode=fast stop
fi
[ "${1#-}" = "$1" ] || set -- postgres "$@"
exec "$@" -c listen_addresses='*'
