package portal

import (
	"context"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/time/rate"

	"communityconnect/community"
)

// usualHashing is what OWASP's page on the storage of passwords gives as a minimum that
// suits small machines: 19 MiB, two rounds.
func usualHashing() *argon2id.Params {
	return &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// How often somebody may try to log in: in a burst, and then one try each so often. From one
// address fewer tries count under a name than the name has, so that nobody keeps a member
// out from there.
const (
	triesByName       = 10
	tryByNameEvery    = time.Minute
	triesByBoth       = 6
	tryByBothEvery    = 2 * time.Minute
	triesByAddress    = 30
	tryByAddressEvery = 20 * time.Second
	maxRemembered     = 4096
)

// How much somebody may do on the pages: far more than a person does by hand, and less
// than a program could.
const (
	actsAtOnce = 120
	actEvery   = time.Second
)

// doors hold back who tries too often, and work on few passwords at a time.
type doors struct {
	now       func() time.Time
	hashing   *argon2id.Params
	nobody    string        // the hash that a name nobody has is compared with
	working   chan struct{} // one for each password being worked on
	names     *limiters[string]
	both      *limiters[nameFrom]
	addresses *limiters[netip.Prefix]
	acts      *limiters[community.MemberID]
}

func newDoors(hashing *argon2id.Params, now func() time.Time) (doors, error) {
	nobody, err := argon2id.CreateHash("nobody has this one", hashing)
	return doors{
		now: now, hashing: hashing, nobody: nobody, working: make(chan struct{}, max(1, runtime.NumCPU()/2)),
		names:     newLimiters[string](tryByNameEvery, triesByName),
		both:      newLimiters[nameFrom](tryByBothEvery, triesByBoth),
		addresses: newLimiters[netip.Prefix](tryByAddressEvery, triesByAddress),
		acts:      newLimiters[community.MemberID](actEvery, actsAtOnce),
	}, err
}

// nameFrom is a user name as somebody tries it from a network.
type nameFrom struct {
	folded string
	from   netip.Prefix
}

// mayTry counts a try to log in under a name from an address. What is held back counts no
// further, so that one address can't fill the memory with names, for everybody to wait.
func (d *doors) mayTry(name string, from netip.Addr) bool {
	now := d.now()
	n := nameFrom{community.Fold(name), network(from)}
	return d.addresses.allow(n.from, now) && d.both.allow(n, now) && d.names.allow(n.folded, now)
}

// mayAct counts something that a member does.
func (d *doors) mayAct(who community.MemberID) bool { return d.acts.allow(who, d.now()) }

// network is what counts as one address: of IPv6 a provider gives everybody a whole /64.
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the zero prefix of no address is a network, too
	return p
}

// fits reports whether a password is that of the hash. It takes as long where there is no
// such hash ("").
func (d *doors) fits(ctx context.Context, password, hash string) (bool, error) {
	select {
	case d.working <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { <-d.working }()
	known := hash != ""
	if !known {
		hash = d.nobody
	}
	same, err := argon2id.ComparePasswordAndHash(password, hash)
	return same && known, err
}

// hash makes the hash of a new password.
func (d *doors) hash(ctx context.Context, password string) (string, error) {
	select {
	case d.working <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-d.working }()
	return argon2id.CreateHash(password, d.hashing)
}

// limiters hold one limiter for each of many keys. Those that have not been needed for
// long enough to be full again are forgotten when there are too many.
type limiters[K comparable] struct {
	every time.Duration
	burst int

	mu  sync.Mutex
	all map[K]*rate.Limiter
}

func newLimiters[K comparable](every time.Duration, burst int) *limiters[K] {
	return &limiters[K]{every: every, burst: burst, all: map[K]*rate.Limiter{}}
}

func (l *limiters[K]) allow(key K, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, known := l.all[key]
	if !known {
		if len(l.all) >= maxRemembered && !l.forget(now) {
			return false // a flood of different names: everybody waits
		}
		one = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.all[key] = one
	}
	return one.AllowN(now, 1)
}

// forget drops what is full again, and reports whether that has made room.
func (l *limiters[K]) forget(now time.Time) bool {
	for key, one := range l.all {
		if one.TokensAt(now) >= float64(l.burst) {
			delete(l.all, key)
		}
	}
	return len(l.all) < maxRemembered
}
