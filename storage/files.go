package storage

import (
	"errors"
	"io"
	"os"
)

// files is what publishing a backup asks of the disk: few things, so that a test can
// interrupt it at every one of them.
type files interface {
	// Create makes a file for its owner alone, and fails where there is one.
	Create(path string) (file, error)
	Rename(from, to string) error
	Remove(path string) error
	// SyncDir makes what was renamed in a directory survive a power cut.
	SyncDir(path string) error
}

// file is one that is being written.
type file interface {
	io.WriteCloser
	Sync() error
}

// disk is the real one.
type disk struct{}

func (disk) Create(path string) (file, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

func (disk) Rename(from, to string) error { return os.Rename(from, to) }
func (disk) Remove(path string) error     { return os.Remove(path) }

func (disk) SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writeFile makes a file of what write writes, and has it on the disk when it returns.
func writeFile(fs files, path string, write func(io.Writer) error) error {
	f, err := fs.Create(path)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close())
}
