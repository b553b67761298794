#!/bin/sh
# Runs a PostgreSQL of its own on a port of the loopback address, until it is told
# to end, and takes its files with it: postgres.sh PORT [SETUP.sql]. Only the
# superuser can start it as the user that it wants to be.
set -e
setup=$2
for bin in /usr/lib/postgresql/*/bin; do :; done # the newest
# The user of the database must be able to get there.
here=$(mktemp -d /tmp/loadgate-postgres-XXXXXX)
chown postgres "$here"
as_postgres() { (cd "$here" && runuser -u postgres -- "$@"); }
end() {
	trap - EXIT
	as_postgres "$bin/pg_ctl" -D data -w -m immediate stop >/dev/null
	rm -rf "$here"
	exit 0
}
trap end HUP INT QUIT TERM EXIT
as_postgres "$bin/initdb" -D data -U tester --auth=trust -N -E UTF8 --locale=C >/dev/null
as_postgres "$bin/pg_ctl" -D data -w -l data/log \
	-o "-p $1 -h 127.0.0.1 -k $here -c shared_preload_libraries=pg_stat_statements" start >/dev/null
[ -z "$setup" ] || psql -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U tester -f "$setup" postgres
echo $$ >postgres.pid
echo 'is ready'
while :; do sleep 1; done
