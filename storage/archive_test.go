package storage

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"
)

// packed returns an archive of a text that begins as a database does.
func packed(t testing.TB, recipients ...age.Recipient) (content string, archive []byte) {
	t.Helper()
	content = sqliteMagic + strings.Repeat("an afternoon of help\n", 50_000)
	var b bytes.Buffer
	if err := pack(&b, strings.NewReader(content), recipients); err != nil {
		t.Fatal(err)
	}
	return content, b.Bytes()
}

// Whatever is fed to it, unpacking ends, says what is wrong in one of few ways, and gives
// out nothing else than what was packed.
func FuzzUnpack(f *testing.F) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	_, plain := packed(f)
	_, sealed := packed(f, key.Recipient())
	for _, seed := range [][]byte{nil, plain, sealed, plain[:len(plain)/2], sealed[:len(sealed)-1], append(plain, plain...), []byte(ageMagic), []byte(zstdMagic), []byte(sqliteMagic)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, archive []byte) {
		if len(archive) > 1<<16 {
			return
		}
		out := &limited{most: 1 << 26}
		err := unpack(out, bytes.NewReader(archive), []age.Identity{key})
		if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrIdentity) && !errors.Is(err, errLimit) {
			t.Errorf("%v", err)
		}
	})
}

// limited takes so many bytes.
type limited struct{ n, most int }

var errLimit = errors.New("it is too long")

func (l *limited) Write(b []byte) (int, error) {
	if l.n += len(b); l.n > l.most {
		return 0, errLimit
	}
	return len(b), nil
}

// Packing and unpacking gives the same back, for each of several recipients.
func TestPackAndUnpack(t *testing.T) {
	var keys []age.Identity
	var recipients []age.Recipient
	for range 3 {
		k, err := age.GenerateX25519Identity()
		fine(t, err)
		keys, recipients = append(keys, k), append(recipients, k.Recipient())
	}
	content, plain := packed(t)
	_, sealed := packed(t, recipients...)
	if len(plain) > len(content)/10 {
		t.Errorf("%d of %d bytes: it is not compressed", len(plain), len(content))
	}
	for name, c := range map[string]struct {
		archive []byte
		keys    []age.Identity
	}{"the copy itself": {[]byte(content), nil}, "plain": {plain, nil}, "first": {sealed, keys[:1]}, "last": {sealed, keys[2:]}} {
		var out bytes.Buffer
		if err := unpack(&out, bytes.NewReader(c.archive), c.keys); err != nil || out.String() != content {
			t.Errorf("%s: %d bytes, %v", name, out.Len(), err)
		}
	}
}
