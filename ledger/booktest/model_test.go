package booktest_test

import (
	"testing"

	"communityconnect/ledger/booktest"
)

// The plain books pass the suite that all books must pass.
func TestModelKeepsTheContract(t *testing.T) {
	booktest.Run(t, func(_ *testing.T, story func(booktest.Books)) { story(booktest.New()) })
}
