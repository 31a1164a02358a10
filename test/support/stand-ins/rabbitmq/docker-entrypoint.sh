#!/bin/sh
# As in the image it stands in for: root hands over to the server's user.
set -eu
if [ "$(id -u)" = 0 ]; then
  chown 999:999 /var/lib/rabbitmq
  exec setpriv --reuid 999 --regid 999 --clear-groups "$0" "$@"
fi
exec "$@"
