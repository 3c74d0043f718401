package portal

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"communityconnect/community"
	"communityconnect/storage"
)

// The lengths of a password: in letters at least, in bytes at most.
const (
	minPassword = 10
	maxPassword = 1024
)

// freshLink is how long after a one-time link a password may be changed without the old one.
const freshLink = 15 * time.Minute

// passwordPage is where somebody chooses what to log in with.
type passwordPage struct {
	Name     string
	NeedsOld bool
	First    bool
}

func (v *visit) passwordPage() (any, error) {
	chosen, found, err := v.tx.PasswordOf(v.me.ID)
	if !found {
		chosen.Name = v.read.Name(v.me)
	}
	if draft := v.draft().Of("password", "name"); draft != "" {
		chosen.Name = draft
	}
	return passwordPage{Name: chosen.Name, NeedsOld: found && !v.cameByLink(), First: !found}, err
}

// cameByLink reports whether the member has just shown, by a one-time link, that the phone
// is in their hands.
func (v *visit) cameByLink() bool {
	return v.login.By != "password" && v.now.Sub(v.login.Since) < freshLink
}

// choosePassword keeps a user name and a password, and ends every other login.
func (v *visit) choosePassword() error {
	if err := v.form(); err != nil {
		return err
	}
	if !v.me.Frozen.IsZero() {
		return v.refuse("/me/password", passwordFrozen)
	}
	if !v.doors.mayAct(v.me.ID) {
		return v.refuse("/me/password", tooManyActs)
	}
	name, password := strings.TrimSpace(v.r.PostForm.Get("name")), v.r.PostForm.Get("password")
	name, err := community.CleanName(name)
	switch {
	case err != nil:
		return v.refuse("/me/password", fmt.Sprintf(nameDoesNot, err))
	case utf8.RuneCountInString(password) < minPassword:
		return v.refuse("/me/password", passwordShort)
	case len(password) > maxPassword:
		return v.refuse("/me/password", passwordLong)
	case password != v.r.PostForm.Get("again"):
		return v.refuse("/me/password", passwordTwice)
	case easy(password, name, v.me.Name, v.read.Community().Name):
		return v.refuse("/me/password", passwordEasy)
	}
	before, found, err := v.tx.PasswordOf(v.me.ID)
	if err != nil {
		return err
	}
	v.then(func() error {
		if found && !v.cameByLink() {
			if !v.doors.mayTry(before.Name, v.address(v.r)) {
				return v.goOn("/me/password", tooManyTries, true)
			}
			fits, err := v.doors.fits(v.r.Context(), v.r.PostForm.Get("old"), before.Hash)
			if err != nil {
				return err
			}
			if !fits {
				return v.goOn("/me/password", oldDoesNotFit, true)
			}
		}
		hash, err := v.doors.hash(v.r.Context(), password)
		if err != nil {
			return err
		}
		err = v.db().Update(func(tx *storage.Tx) error {
			// Making the hash takes a moment, in which the login may have been ended.
			if _, still, err := tx.Login(v.login.ID, v.Now()); err != nil || !still {
				return errors.Join(err, errNotAllowed)
			}
			if err := tx.SetPassword(storage.Password{Member: v.me.ID, Name: name, Hash: hash, Changed: v.now}); err != nil {
				return err
			}
			return tx.EndLogins(v.me.ID, v.login.ID)
		})
		switch {
		case errors.Is(err, community.ErrNameTaken):
			return v.goOn("/me/password", userNameTaken, true)
		case err != nil:
			return err
		}
		return v.goOn("/", fmt.Sprintf(passwordSet, name), false)
	})
	return nil
}

// The letters that a password has at least: different ones, and beside words that everybody
// would try.
const (
	differentLetters = 5
	ownLetters       = 6
)

// easy reports whether a password is among the first that anybody would try: a row of
// digits, a few letters over and over, or no more than a name that is known and one of the
// words that most such lists begin with.
func easy(password string, names ...string) bool {
	different := map[rune]bool{}
	for _, letter := range password {
		different[letter] = true
	}
	rest := strings.ToLower(password)
	for _, word := range append(names, "password", "qwerty", "letmein", "iloveyou", "welcome") {
		if word = strings.ToLower(word); word != "" {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	return len(different) < differentLetters || utf8.RuneCountInString(rest) < ownLetters || strings.Trim(rest, "0123456789") == ""
}
