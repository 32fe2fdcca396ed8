# Runs a program as a container runtime would: with a root of its own that is read-only, as another user.
#
#   unshare --net --mount --pid --fork --kill-child sh container.sh ROOT CONFIG USER WORKDIR NAME=VALUE… -- COMMAND…
#
# CONFIG is a folder for /etc/culvert.
set -e
root=$1 config=$2 user=$3 workdir=$4
shift 4
mount --make-rprivate /
ip link set lo up
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$config" "$root/etc/culvert"
mount --bind /dev "$root/dev"
mount -t proc proc "$root/proc"
# shellcheck disable=SC2016 # expanded inside
exec setpriv --no-new-privs chroot --userspec="$user" "$root" /bin/env -i /bin/sh -c '
    cd "$0"
    while [ "$1" != -- ]; do export "$1"; shift; done
    shift
    exec "$@"' "$workdir" "$@"
