package community

import (
	"strings"
	"testing"

	"communityconnect/ledger"
)

// Every setting prints what it reads, and a value that does not fit changes nothing.
func TestSettings(t *testing.T) {
	policy := DefaultPolicy()
	for _, s := range Settings() {
		before := s.Get(policy)
		if err := s.Set(&policy, before); err != nil || s.Get(policy) != before {
			t.Errorf("%s: %q is read back as %q, %v", s.Name, before, s.Get(policy), err)
		}
		for _, wrong := range []string{"", "lots", "99999999999999999999", "-1.5"} {
			if s.Name == "scope" && wrong != "" {
				wrong = strings.Repeat(wrong, MaxPolicyText) // it takes any words, but not too many
			}
			changed := policy
			if err := s.Set(&changed, wrong); err == nil && changed != policy && s.Name != "floor" && s.Name != "newcomer_floor" && s.Name != "commons_floor" {
				t.Errorf("%s took %q", s.Name, wrong)
			} else if err != nil && changed != policy {
				t.Errorf("%s: %q was refused and changed something", s.Name, wrong)
			}
		}
		if found, err := SettingNamed(" " + s.Name + " "); err != nil || found.Name != s.Name || s.Brief == "" {
			t.Errorf("%s is not found by its name", s.Name)
		}
	}
	if _, err := SettingNamed("flor"); err != ErrNoSetting {
		t.Errorf("a misspelt setting: %v", err)
	}
}

func TestLimitsOfAStatus(t *testing.T) {
	p := DefaultPolicy()
	if floor, ceiling := p.Limits(Newcomer); floor != -12*ledger.Hour || ceiling != 24*ledger.Hour {
		t.Errorf("a newcomer has %v and %v", floor, ceiling)
	}
	if floor, ceiling := p.Limits(Full); floor != -50*ledger.Hour || ceiling != 100*ledger.Hour {
		t.Errorf("a member has %v and %v", floor, ceiling)
	}
	low, high := p, p
	floor, err := SettingNamed("floor")
	if err != nil {
		t.Fatal(err)
	}
	if err := floor.Set(&low, "+5h"); ledger.CodeOf(err) != ledger.LimitsCrossed || low != p {
		t.Errorf("a floor above zero: %v", err)
	}
	ceiling, err := SettingNamed("ceiling")
	if err != nil {
		t.Fatal(err)
	}
	if err := ceiling.Set(&high, "-5h"); ledger.CodeOf(err) != ledger.LimitsCrossed || high != p {
		t.Errorf("a ceiling below zero: %v", err)
	}
}
