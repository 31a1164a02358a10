#!/bin/sh
# What the image it stands in for does with the variables that our files set. Root hands over to the server's user.
set -eu
[ -z "${MARIADB_PASSWORD_FILE:-}" ] || MARIADB_PASSWORD=$(cat "$MARIADB_PASSWORD_FILE")
unset MARIADB_PASSWORD_FILE
export MARIADB_PASSWORD="${MARIADB_PASSWORD:-}"
if [ "$(id -u)" = 0 ]; then
  chown 999:999 /var/lib/mysql
  exec setpriv --reuid 999 --regid 999 --clear-groups "$0" "$@"
fi
if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --auth-root-authentication-method=normal --skip-test-db >/dev/null
  first=/run/mysqld/first.sql
  : >"$first"
  if [ -n "${MARIADB_USER:-}" ]; then
    cat >>"$first" <<SQL
create database \`${MARIADB_DATABASE:?}\`;
create user '$MARIADB_USER'@'%' identified by '${MARIADB_PASSWORD:?}';
grant all on \`$MARIADB_DATABASE\`.* to '$MARIADB_USER'@'%';
SQL
  fi
  if [ -n "${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:-}" ]; then
    printf '%s\n' "create user root@'%';" "grant all on *.* to root@'%' with grant option;" >>"$first"
  elif [ -n "${MARIADB_RANDOM_ROOT_PASSWORD:-}" ]; then
    echo "alter user root@localhost identified by '$(tr -dc a-z </dev/urandom | head -c 32)';" >>"$first"
  else
    echo "alter user root@localhost identified by '${MARIADB_ROOT_PASSWORD:?}';" >>"$first"
  fi
  set -- "$@" --init-file="$first"
fi
exec "$@"
