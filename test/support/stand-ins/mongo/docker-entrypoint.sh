#!/bin/sh
# As in the image it stands in for: arguments alone are mongod's, root hands over to the server's user, and a name with a
# password makes the first account.
set -eu
[ "${1#-}" = "$1" ] || set -- mongod "$@"
if [ "$(id -u)" = 0 ]; then
  chown 999:999 /data/db /data/configdb
  exec setpriv --reuid 999 --regid 999 --clear-groups "$0" "$@"
fi
if [ -n "${MONGO_INITDB_ROOT_USERNAME:-}" ] && [ ! -e /data/db/.account ]; then
  mongod --bind_ip 127.0.0.1 --fork --logpath /data/db/first.log >/dev/null
  mongosh --quiet --eval "db.adminCommand({ createUser: '$MONGO_INITDB_ROOT_USERNAME', pwd: '${MONGO_INITDB_ROOT_PASSWORD:?}', roles: ['root'] }).ok"
  mongod --shutdown >/dev/null
  touch /data/db/.account
fi
exec "$@"
