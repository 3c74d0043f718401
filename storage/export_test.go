package storage

// Files and File let tests stand between a backup and the disk.
type (
	Files = files
	File  = file
)

// Disk is the real one.
func Disk() Files { return disk{} }

// On returns the options for a backup that goes through f.
func (o BackupOptions) On(f Files) BackupOptions { o.files = f; return o }
