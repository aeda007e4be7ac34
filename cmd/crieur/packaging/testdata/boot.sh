#!/bin/bash
# boot.sh PACKAGE CONTENT RESULT starts a service manager in a copy of this
# machine's system that is gone afterwards, and has it serve CONTENT with the units
# of a package; testdata/probe.sh looks, and leaves what it saw in the folder RESULT.
# It wants namespaces of root's: unshare --mount --pid --fork --uts --ipc --net --cgroup.
set -eu
scratch=$(mktemp -d)
mount -t tmpfs none "$scratch" || exit 77
root=$scratch/root
mkdir "$scratch/upper" "$scratch/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$root" || exit 77
mount -t proc proc "$root/proc" || exit 77
mount -t sysfs -o ro sys "$root/sys" || exit 77
mount -t cgroup2 none "$root/sys/fs/cgroup" || exit 77
for dir in run tmp dev; do
	mount -t tmpfs -o mode=755 none "$root/$dir"
done
cp -a /dev/{null,zero,full,random,urandom,tty} "$root/dev/"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/result" "$root/old"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount --bind "$3" "$root/result"

cp "$1" "$root/crieur.deb"
rm -f "$root/var/lib/man-db/auto-update" # which takes its time
cp testdata/probe.sh "$root/probe.sh"
mkdir -p "$root/srv/crieur"
# It is read from overlay, where not every change has an event: not what is tried here.
mkdir "$root/srv/crieur/agenda"
mount -t tmpfs none "$root/srv/crieur/agenda"
cp -r "$2/." "$root/srv/crieur/agenda/"
LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$root" dpkg --force-unsafe-io -i /crieur.deb
: >"$root/etc/fstab"
# Nothing of this machine's own is started, and nothing keeps ours from it.
rm -f "$root/usr/sbin/policy-rc.d"
rm -rf "$root"/etc/systemd/system/*.wants "$root"/etc/systemd/system/*.requires
cat >"$root/etc/systemd/system/probe.service" <<'END'
[Unit]
Wants=crieur@agenda.socket crieur@agenda.service
After=crieur@agenda.socket crieur@agenda.service
[Service]
Type=exec
ExecStart=/probe.sh
END
printf 'CRIEUR_FLAGS="-log-format json"\n' >"$root/etc/default/crieur-agenda"

cd "$root"
pivot_root . old
umount -l /old
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=probe.service --log-target=console
