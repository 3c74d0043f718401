package signal_test

import (
	"encoding/json"
	"fmt"
	"reflect"

	"communityconnect/chat"
)

func equal(a, b chat.Message) bool { return reflect.DeepEqual(a, b) }

// show writes out a message that would not show itself.
func show(m chat.Message) string {
	b, err := json.Marshal(m)
	return fmt.Sprint(string(b), err)
}
