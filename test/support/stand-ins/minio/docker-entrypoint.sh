#!/bin/sh
# As in the image it stands in for: without the server's name arguments are the server's.
set -eu
[ "$1" = minio ] || set -- minio "$@"
exec "$@"
