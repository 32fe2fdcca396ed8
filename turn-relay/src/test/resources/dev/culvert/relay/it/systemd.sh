# Boots systemd as the first process of its namespaces, on this machine's files, with what this machine starts left out and
# turn-relay and stun-server installed. All that is written besides FOLDER is gone at the end.
#
#   unshare --net --mount --pid --uts --ipc --cgroup --fork --kill-child sh systemd.sh FOLDER DEPLOY
#
# FOLDER holds program/ (bin and lib), etc/ (for /etc/culvert), defaults (for /etc/default/turn-relay) and dropin.conf;
# systemd writes FOLDER/console. DEPLOY is the deploy folder of the source tree.
set -e
folder=$1
deploy=$2

mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir -p /run/lock /run/over /run/units /run/state
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run/over
for part in etc usr; do
    mkdir -p "/run/over/$part/upper" "/run/over/$part/work"
    mount -t overlay overlay -o "lowerdir=/$part,upperdir=/run/over/$part/upper,workdir=/run/over/$part/work" "/$part"
done
mount --bind /run/state /var/lib
ip link set lo up

mkdir -p /usr/share/culvert /etc/culvert /etc/default
cp -r "$folder/program/." /usr/share/culvert/
cp -r "$folder/etc/." /etc/culvert/
cp "$folder/defaults" /etc/default/turn-relay
for program in turn-relay stun-server; do
    ln -sf "../share/culvert/bin/$program" "/usr/bin/$program"
    cp "$deploy/systemd/$program.service" /run/units/
    mkdir -p "/run/units/$program.service.d"
    cp "$folder/dropin.conf" "/run/units/$program.service.d/test.conf"
done
systemd-sysusers "$deploy/systemd/culvert.sysusers"

for unit in sysinit basic network network-online multi-user shutdown umount final exit slices paths sockets timers; do
    ! [ -e "/lib/systemd/system/$unit.target" ] || cp -L "/lib/systemd/system/$unit.target" /run/units/
done
printf '[Unit]\nDescription=Nothing\n' >/run/units/default.target
: >"$folder/console"
mount --bind "$folder/console" /dev/console
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test SYSTEMD_UNIT_PATH=/run/units \
    /lib/systemd/systemd --system --log-target=console
