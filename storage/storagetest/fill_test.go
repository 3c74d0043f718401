package storagetest_test

import (
	"testing"

	"communityconnect/storage/storagetest"
)

// What is filled in passes the audit.
func TestFilledBooksAreSound(t *testing.T) {
	db := storagetest.New(t, 20)
	storagetest.Fill(t, db, 500)
	r, err := db.Audit(nil)
	if err != nil || !r.OK() || r.Transfers != 500 || r.Accounts != 21 {
		t.Errorf("%+v, %v", r, err)
	}
}
