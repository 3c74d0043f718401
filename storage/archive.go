package storage

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// Errors of an archive.
var (
	ErrEncrypted = errors.New("it is encrypted; give --identity KEYFILE, the file that age-keygen made with the secret key in it")
	ErrIdentity  = errors.New("none of the secret keys opens it; it was encrypted to others")
	ErrDamaged   = errors.New("it is damaged; use another backup")
)

// What the kinds of archive begin with.
const (
	ageMagic    = "age-encryption.org/"
	zstdMagic   = "\x28\xb5\x2f\xfd"
	sqliteMagic = "SQLite format 3\x00"
)

// maxWindow is as much memory as an archive may ask for; `zstd --long` asks for that.
const maxWindow = 128 << 20

// digest is the SHA-256 of a file.
type digest [sha256.Size]byte

func sumOf(h hash.Hash) digest { return digest(h.Sum(nil)) }

// pack writes what r holds, compressed and, if there are recipients, encrypted.
func pack(w io.Writer, r io.Reader, recipients []age.Recipient) error {
	var sealed io.WriteCloser
	if len(recipients) > 0 {
		var err error
		if sealed, err = age.Encrypt(w, recipients...); err != nil {
			return err
		}
		w = sealed
	}
	// One goroutine: the neighbours' messages need the other processor.
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(true))
	if err != nil {
		return err
	}
	if _, err := io.Copy(z, r); err != nil {
		return errors.Join(err, z.Close())
	}
	if err := z.Close(); err != nil {
		return err
	}
	if sealed != nil {
		return sealed.Close()
	}
	return nil
}

// unpack writes the copy that an archive holds: one of pack, encrypted or not, or the
// copy itself. What it wrote is worth nothing if it returns an error.
func unpack(w io.Writer, r io.Reader, identities []age.Identity) error {
	in := bufio.NewReaderSize(r, 64<<10)
	if begins(in, ageMagic) {
		if len(identities) == 0 {
			return ErrEncrypted
		}
		opened, err := age.Decrypt(in, identities...)
		if err != nil {
			var none *age.NoIdentityMatchError
			if errors.As(err, &none) {
				return ErrIdentity
			}
			return damaged(err)
		}
		in = bufio.NewReaderSize(opened, 64<<10)
		if _, err := in.Peek(1); err != nil {
			return damaged(err)
		}
	}
	var content io.Reader = in
	switch {
	case begins(in, zstdMagic):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return damaged(err)
		}
		defer z.Close()
		content = z
	case !begins(in, sqliteMagic):
		return ErrForeign
	}
	return copyOut(w, content)
}

// copyOut tells a broken archive from a disk that can't be written.
func copyOut(w io.Writer, content io.Reader) error {
	out := &noting{w: w}
	if _, err := io.Copy(out, content); out.err != nil {
		return out.err
	} else if err != nil {
		return damaged(err)
	}
	return nil
}

// noting remembers why writing failed.
type noting struct {
	w   io.Writer
	err error
}

func (n *noting) Write(b []byte) (int, error) {
	k, err := n.w.Write(b)
	if err != nil {
		n.err = err
	}
	return k, err
}

func damaged(err error) error { return fmt.Errorf("%w (%w)", ErrDamaged, err) }

func begins(r *bufio.Reader, magic string) bool {
	b, _ := r.Peek(len(magic)) // a short file begins with something else
	return string(b) == magic
}

// parseRecipients reads public keys.
func parseRecipients(keys []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for i, key := range keys {
		r, err := age.ParseX25519Recipient(key)
		if err != nil { // the key is not shown: it might be a secret one
			return nil, fmt.Errorf("number %d of the recipients is no age public key, there may be a slip in it; age-keygen prints the right one", i+1)
		}
		all = append(all, r)
	}
	return all, nil
}

// ReadIdentities reads the secret keys of a file as age-keygen writes it.
func ReadIdentities(r io.Reader) ([]age.Identity, error) {
	in := bufio.NewReader(r)
	if begins(in, ageMagic) || begins(in, "-----BEGIN AGE") {
		return nil, errors.New("the keys in it are themselves encrypted; decrypt them first with age --decrypt, into a place that only you can read")
	}
	identities, err := age.ParseIdentities(in)
	if err != nil {
		return nil, errors.New("there is no secret key in it; it must have the line that begins with AGE-SECRET-KEY-, as age-keygen writes it")
	}
	return identities, nil
}

// writeDigests writes the file beside a backup, as sha256sum --check reads it.
func writeDigests(w io.Writer, name string, inside, outside digest) error {
	_, err := fmt.Fprintf(w, "# the database inside, as it was audited: %x\n%x  %s\n", inside, outside, name)
	return err
}

// readDigest returns the digest that stands beside a backup; found is false if none does.
func readDigest(path string) (d digest, found bool, err error) {
	text, err := os.ReadFile(path + digestEnding)
	if errors.Is(err, fs.ErrNotExist) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	for _, line := range strings.Split(string(text), "\n") {
		digits, _, _ := strings.Cut(line, " ")
		if b, err := hex.DecodeString(digits); err == nil && len(b) == len(d) {
			return digest(b), true, nil
		}
	}
	return d, false, fmt.Errorf("%s says no digest: it is damaged; if you trust the backup all the same, put that file away", path+digestEnding)
}
