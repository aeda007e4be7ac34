package watch

import "golang.org/x/sys/unix"

// silent reports whether the folder is on a file system on which changes can happen without an event, and names it.
func (d dirFile) silent() (string, bool) {
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(d), &st); err != nil {
		return "", false
	}
	name := silentName(uint32(st.Type))
	return name, name != ""
}

// silentName names the file systems that another machine, or another layer, can change: the kernel here does not see
// it. They are those for which tail(1) does not trust events either. Empty: events tell all.
func silentName(magic uint32) string {
	switch magic {
	case unix.NFS_SUPER_MAGIC:
		return "NFS"
	case unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		return "SMB"
	case unix.V9FS_MAGIC:
		return "9p"
	case unix.FUSE_SUPER_MAGIC: // sshfs, s3fs, virtiofs, the shared folders of Docker Desktop
		return "FUSE"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "overlay"
	case 0x61756673:
		return "aufs"
	case unix.CEPH_SUPER_MAGIC:
		return "Ceph"
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "AFS"
	case unix.CODA_SUPER_MAGIC:
		return "Coda"
	case 0x19830326:
		return "BeeGFS"
	case 0x0bd00bd0:
		return "Lustre"
	case 0x47504653:
		return "GPFS"
	case 0x01161970:
		return "GFS2"
	case 0x7461636f:
		return "OCFS2"
	case 0x786f4256:
		return "vboxsf"
	case 0xbacbacbc:
		return "vmhgfs"
	case 0x7c7c6673:
		return "prl_fs"
	}
	return ""
}
