#!/bin/sh
# install.sh PACKAGE installs, removes and purges a package in a copy of this
# machine's system that is gone afterwards. It wants a mount namespace of root's.
set -eu
scratch=$(mktemp -d)
mount -t tmpfs none "$scratch" || exit 77
cd "$scratch"
mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root || exit 77
mount -t proc proc root/proc
mount --rbind /dev root/dev
mount -t tmpfs none root/run # no service manager is here
cp "$1" root/crieur.deb
rm -f root/var/lib/man-db/auto-update # which takes its time
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

chroot root sh -eux <<'END'
not() { if "$@"; then return 1; fi; } # set -e passes over what ! begins
dpkg --force-unsafe-io -i /crieur.deb
crieur version
getent passwd crieur
systemd-analyze verify /usr/lib/systemd/system/crieur@agenda.service /usr/lib/systemd/system/crieur@agenda.socket 2>/tmp/said || { cat /tmp/said; exit 1; }
not grep . /tmp/said
test -z "$(dpkg --verify crieur)"
bash -n /usr/share/bash-completion/completions/crieur

echo '# mine' >>/etc/default/crieur
mkdir -p /var/lib/crieur/agenda/state /srv/crieur/agenda
touch /var/lib/crieur/agenda/state/history.jsonl /srv/crieur/agenda/a.md
dpkg --force-unsafe-io -i /crieur.deb
dpkg --force-unsafe-io -r crieur
grep mine /etc/default/crieur
test -e /var/lib/crieur/agenda/state/history.jsonl
not test -e /usr/bin/crieur
dpkg --force-unsafe-io -i /crieur.deb
grep mine /etc/default/crieur
dpkg --force-unsafe-io -P crieur
not test -e /etc/default/crieur
not test -e /var/lib/crieur
test -e /srv/crieur/agenda/a.md
END

# Files that are new, but for those of the package system, of users, and ours.
find upper -type f -o -type l | grep -vE '^upper/(crieur\.deb|tmp/said|srv/crieur/agenda/a\.md|etc/(passwd|group|shadow|gshadow)-?|etc/\.pwd\.lock|var/(lib/dpkg|log|cache|backups)/.*)$' >left || true
if grep . left; then exit 1; fi
