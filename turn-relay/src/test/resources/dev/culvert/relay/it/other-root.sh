# A shell on a copy of this machine's files that has no Java; what it writes besides FOLDER is gone at its end.
#
#   unshare --mount sh other-root.sh FOLDER
set -e
folder=$1

mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
mount -t proc proc /mnt/root/proc
mount --rbind /dev /mnt/root/dev
mkdir -p "/mnt/root$folder"
mount --bind "$folder" "/mnt/root$folder"
mount -t tmpfs tmpfs /mnt/root/usr/lib/jvm
exec chroot /mnt/root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh
