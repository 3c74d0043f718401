package bot_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// childName is the variable of the environment that makes this binary run as another
// program: one that tests kill.
const childName = "BOT_TEST_CHILD"

func TestMain(m *testing.M) {
	children := map[string]func() error{"crash": crashChild, "power": powerChild, "migrate": migrateChild, "start": startChild}
	if run, ok := children[os.Getenv(childName)]; ok {
		if err := run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := flag.Set("rapid.checks", modelChecks); err != nil { // unless the command line says otherwise
		panic(err)
	}
	os.Exit(m.Run())
}
