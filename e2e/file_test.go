//go:build long

package e2e

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
)

// pointer is where an attachment lies, and how it is read.
type pointer struct {
	CDNKey      string `json:"cdnKey"`
	Key         []byte // AES-256, then HMAC-SHA256
	Digest      []byte
	Size        int
	ContentType string `json:"contentType"`
	FileName    string `json:"fileName"`
}

// download reads an attachment as a phone would: from where Signal keeps it, checked and
// decrypted with the key that came with the message.
func (r *rig) download(p pointer) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(r.dir, "cdn3", filepath.Base(p.CDNKey)))
	if err != nil {
		return nil, err
	}
	if len(p.Key) != 64 || len(b) < 3*aes.BlockSize+sha256.Size {
		return nil, errors.New("no key, or nothing there")
	}
	if digest := sha256.Sum256(b); !bytes.Equal(digest[:], p.Digest) {
		return nil, errors.New("it is not what was sent")
	}
	sealed, seal := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	mac := hmac.New(sha256.New, p.Key[32:])
	mac.Write(sealed)
	if !hmac.Equal(mac.Sum(nil), seal) {
		return nil, errors.New("the seal is broken")
	}
	block, err := aes.NewCipher(p.Key[:32])
	if err != nil {
		return nil, err
	}
	data := make([]byte, len(sealed)-aes.BlockSize)
	cipher.NewCBCDecrypter(block, sealed[:aes.BlockSize]).CryptBlocks(data, sealed[aes.BlockSize:])
	if p.Size > len(data) {
		return nil, errors.New("it is cut")
	}
	return data[:p.Size], nil // the rest is padding
}
