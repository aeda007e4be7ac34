#!/bin/bash
# probe.sh is run by the service manager that boot.sh starts.
exec >/result/log 2>&1
trap 'systemctl --force --force poweroff' EXIT
set -eux
touch /result/booted

get() { curl --silent --show-error --fail --max-time 10 --unix-socket "$1" "http://localhost/$2"; }
shows() { get /run/crieur/agenda.sock events.ics | grep -q "$1"; }
soon() { # COMMAND: within ten seconds
	local i
	for ((i = 0; i < 100; i++)); do
		! "$@" || return 0
		sleep 0.1
	done
	"$@"
}
not() { if "$@"; then return 1; fi; } # set -e passes over what ! begins
state() { systemctl show --property="$1" --value crieur@agenda.service; }

soon systemctl is-active crieur@agenda.service || { journalctl --no-pager --unit crieur@agenda.service; false; }
get /run/crieur/agenda.sock index.html >/dev/null
get /run/crieur/agenda/admin readyz >/dev/null
pid=$(state MainPID)
# Root, privileges and other users' processes are not its own.
grep -P '^Uid:\t(?!0\t)' "/proc/$pid/status"
grep -P '^CapBnd:\t0+$' "/proc/$pid/status"
grep -P '^NoNewPrivs:\t1$' "/proc/$pid/status"
grep -P '^Seccomp:\t2$' "/proc/$pid/status"

# It tells how it is, sees changes, and takes a SIGHUP.
state StatusText | grep -E '^[0-9]+ events and [0-9]+ articles'
printf -- '---\ntitle: Une visite imprévue\nevent_start_date: 2027-09-18\n---\n' >/srv/crieur/agenda/_evenements/visite.md
soon shows 'SUMMARY:Une visite imprévue'
systemctl reload crieur@agenda.service
[ "$(state MainPID)" = "$pid" ]
test -s /var/lib/crieur/agenda/state/history.jsonl
test -s /var/lib/crieur/agenda/public/events.ics

# No request is refused while it is started again.
for ((i = 0; i < 100; i++)); do
	get /run/crieur/agenda.sock events.ics >/dev/null || echo refused
done >/result/refused &
systemctl restart crieur@agenda.service
wait $!
[ ! -s /result/refused ]
[ "$(state MainPID)" != "$pid" ]
[ "$(state NRestarts)" = 0 ]

# What kills it is answered by another.
kill -KILL "$(state MainPID)"
soon shows 'SUMMARY:Une visite imprévue'
soon systemctl is-active crieur@agenda.service

# A new version takes over at once; a package that goes stops what it brought.
pid=$(state MainPID)
dpkg --force-unsafe-io -i /crieur.deb
[ "$(state MainPID)" != "$pid" ]
get /run/crieur/agenda.sock events.ics >/dev/null
dpkg --force-unsafe-io -P crieur
not systemctl is-active crieur@agenda.service
not systemctl is-active crieur@agenda.socket
not test -e /var/lib/crieur
touch /result/passed
