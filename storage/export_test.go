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

// BackUpHere is Backup on the thread of its caller, whose rights a test has changed.
func (db *DB) BackUpHere(o BackupOptions) (Backup, error) { return db.backUp(o) }
