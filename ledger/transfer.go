package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// TransferKind says why credit moved.
type TransferKind string

// The kinds of transfers. Only a reversal is exempt from limits.
const (
	OfTrade      TransferKind = "trade"      // help was given
	OfReversal   TransferKind = "reversal"   // a transfer is taken back
	OfSettlement TransferKind = "settlement" // a leaver's balance is settled
	OfGrant      TransferKind = "grant"      // the commons gives
	OfGift       TransferKind = "gift"       // somebody gives without help in return
)

// kindNumber is what the hash covers instead of the word. Numbers are never reused.
func kindNumber(k TransferKind) int64 {
	switch k {
	case OfTrade:
		return 1
	case OfReversal:
		return 2
	case OfSettlement:
		return 3
	case OfGrant:
		return 4
	case OfGift:
		return 5
	}
	return 0
}

// Hash is a SHA-256 sum: of a transfer and everything before it, or of a text.
type Hash [sha256.Size]byte

// String prints the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Short is the beginning of the hash, enough for people to compare.
func (h Hash) Short() string { return hex.EncodeToString(h[:6]) }

// ParseHash reads what String prints.
func ParseHash(s string) (Hash, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(Hash{}) {
		return Hash{}, fmt.Errorf("a hash is %d hexadecimal digits", 2*len(Hash{}))
	}
	return Hash(b), nil
}

// ParsePublished reads a hash, or the beginning of one that Short prints, as people
// copy it from a digest.
func ParsePublished(s string) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if short := len(Hash{}.Short()) / 2; err != nil || len(b) < short || len(b) > len(Hash{}) {
		return nil, fmt.Errorf("a hash is %d to %d hexadecimal digits", 2*short, 2*len(Hash{}))
	}
	return b, nil
}

// Text is what people wrote about a trade or as a reason. The books keep ID and
// Digest for good; Body can be erased, and is "" then.
type Text struct {
	ID     int64
	Digest Hash
	Body   string
}

// DigestText covers a text without giving it away: the salt is random and is erased
// together with the text, so that nobody can guess the text from the digest.
func DigestText(salt []byte, body string) Hash {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(body))
	return Hash(h.Sum(nil))
}

// Transfer moves Minutes from one account to another: From was helped and goes down,
// To helped and goes up. Transfers are numbered without gaps from 1 and never change.
type Transfer struct {
	Seq      int64
	From, To AccountID
	Minutes  Minutes
	Kind     TransferKind
	Trade    TradeID // 0 when it belongs to none
	Reverses int64   // the Seq it takes back, for a reversal
	At       time.Time
	What     Text
	Hash     Hash
}

// chainVersion is hashed first. It changes if what the hash covers ever does.
const chainVersion = 1

// Seal computes the hash of t given the hash of the transfer before it, the zero
// Hash for the first.
func (t Transfer) Seal(prev Hash) Hash {
	var b [2*sha256.Size + 9*8]byte
	n := copy(b[:], prev[:])
	for _, v := range [...]int64{
		chainVersion, t.Seq, int64(t.From), int64(t.To), int64(t.Minutes), kindNumber(t.Kind),
		int64(t.Trade), t.Reverses, t.At.Unix(),
	} {
		binary.BigEndian.PutUint64(b[n:], uint64(v))
		n += 8
	}
	copy(b[n:], t.What.Digest[:])
	return sha256.Sum256(b[:])
}

// Move posts a transfer that is no trade and no reversal: a grant, a gift, a
// settlement. It fills in Seq and Hash. Both sides' limits hold. A grant comes from the
// commons, a settlement is with it, and a gift is somebody's own.
func Move(b Book, t Transfer) (Transfer, error) {
	from, to, err := sides(b, t.From, t.To)
	if err != nil {
		return Transfer{}, err
	}
	if t.Kind == OfGrant && t.From != Commons || t.Kind == OfSettlement && t.From != Commons && t.To != Commons || t.Kind == OfGift && t.From == Commons {
		return Transfer{}, refuse(WrongSides)
	}
	if err := checkAmount(t.Minutes); err != nil {
		return Transfer{}, err
	}
	if err := mayReceive(from, t.Minutes, Reserved{}); err != nil {
		return Transfer{}, err
	}
	if err := mayGive(to, t.Minutes, Reserved{}); err != nil {
		return Transfer{}, err
	}
	return appendTo(b, t)
}

// appendTo numbers and seals t and adds it to the books.
func appendTo(b Book, t Transfer) (Transfer, error) {
	seq, head, err := b.Head()
	if err != nil {
		return Transfer{}, err
	}
	t.Seq = seq + 1
	t.Hash = t.Seal(head)
	return t, b.Append(t)
}

// sides reads the two accounts of a transfer, which must exist and differ.
func sides(b Book, from, to AccountID) (f, t Account, err error) {
	if from == to {
		return f, t, &Error{Code: SameAccount, Account: from}
	}
	if f, err = b.Account(from); err != nil {
		return f, t, err
	}
	t, err = b.Account(to)
	return f, t, err
}
