package signal

import (
	"context"
	"strings"
	"time"

	"communityconnect/chat"
)

// identity is a person's key as the daemon knows it.
type identity struct {
	Number       string `json:"number"`
	UUID         string `json:"uuid"`
	Fingerprint  string `json:"fingerprint"`
	SafetyNumber string `json:"safetyNumber"`
	TrustLevel   string `json:"trustLevel"`
	Added        int64  `json:"addedTimestamp"`
}

// ownKey reports whether it is the account's own. A safety number is made of both sides'
// keys, so with oneself it says the same thing twice.
func (i identity) ownKey() bool {
	digits := strings.ReplaceAll(i.SafetyNumber, " ", "")
	half := len(digits) / 2
	return half > 0 && len(digits)%2 == 0 && digits[:half] == digits[half:]
}

// identities lists a person's keys, everybody's if none is named.
func (c *Client) identities(ctx context.Context, p chat.PersonID) ([]identity, error) {
	var params map[string]any
	if p != "" {
		params = map[string]any{"number": p}
	}
	var list []identity
	err := c.call(ctx, callTimeout, "listIdentities", params, &list)
	return list, err
}

// checkKeys looks for changed safety numbers, of one person or of everybody. Each change
// is delivered first and the new key trusted then, so that the person's messages, which
// the daemon holds back until then, come after it. A crash between the two leaves the key
// untrusted and the same message, with the same time, is delivered again.
func (k *keeper) checkKeys(ctx context.Context, only chat.PersonID) (changes int, err error) {
	c, err := k.line.current()
	if err != nil {
		return 0, err
	}
	list, err := c.identities(ctx, only)
	if err != nil {
		return 0, err
	}
	for _, id := range list {
		p := chat.PersonID(id.UUID)
		if !isACI(id.UUID) || p == c.me.aci {
			continue
		}
		before, known := k.keys[p]
		held := id.TrustLevel == "UNTRUSTED"
		if held || known && before != id.Fingerprint {
			if err := k.newDevice(ctx, c, id, held); err != nil {
				return changes, err
			}
			changes++
		}
		k.keys[p] = id.Fingerprint
	}
	return changes, nil
}

// lookAtMost is how often a suspicion is followed up, the last time after a minute.
const lookAtMost = 7

// look follows up a suspicion. The daemon fetches the new key only after it has said that
// it does not trust it, so the first look may be too early.
func (k *keeper) look(ctx context.Context, p chat.PersonID, looked int) error {
	changes, err := k.checkKeys(ctx, p)
	if err != nil || changes > 0 || looked >= lookAtMost {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, again := k.suspects[p]; !again {
		k.suspects[p] = suspicion{due{at: time.Now().Add(time.Second << looked)}, looked + 1}
	}
	return nil
}

// newDevice delivers a changed safety number and trusts it.
func (k *keeper) newDevice(ctx context.Context, c *Client, id identity, held bool) error {
	p := chat.PersonID(id.UUID)
	if k.reported[p] != id.Fingerprint {
		at := chat.Timestamp(id.Added)
		if at <= 0 {
			at = k.nextStamp()
		}
		m := chat.Message{Kind: chat.NewDevice, From: p, Sent: at, Served: at, In: chat.Conversation{Person: p}}
		if err := k.line.insert(ctx, Delivery{Message: &m}); err != nil {
			return err
		}
		k.line.meter.do(func(t *Metrics) { count(t.Messages, chat.NewDevice, "other") })
		k.reported[p] = id.Fingerprint
	}
	if !held {
		return nil
	}
	err := c.call(ctx, callTimeout, "trust", map[string]any{"recipient": p, "trustAllKnownKeys": true}, nil)
	if err == nil {
		k.line.opts.Log.Info().Msg("signal: trusted a changed safety number")
		k.mu.Lock()
		defer k.mu.Unlock()
		k.trusted = time.Now()
	}
	return err
}

// releaseAfter is how long nothing comes in after a key was trusted before the daemon is
// pushed to retry what it held back.
const releaseAfter = 20 * time.Second

// release makes the daemon retry what it held back before a key was trusted. It does so by
// itself when the next envelope comes, of whomever. At night that may take hours, but then
// it is also quiet enough to subscribe anew, for which it retries, too, without losing an
// envelope that is just under way.
func (k *keeper) release(trusted time.Time) {
	if k.line.meter.snapshot().LastEnvelope.After(trusted) {
		return
	}
	k.line.change(func() { k.line.renew = true })
}
