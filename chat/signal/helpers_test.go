package signal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"communityconnect/chat"
)

func equal(a, b chat.Message) bool { return reflect.DeepEqual(a, b) }

// show writes out a message that would not show itself.
func show(m chat.Message) string {
	b, err := json.Marshal(m)
	return fmt.Sprint(string(b), err)
}

func asSendError(t *testing.T, err error) *chat.SendError {
	t.Helper()
	var e *chat.SendError
	if !errors.As(err, &e) {
		t.Fatalf("no send error: %v", err)
	}
	return e
}
