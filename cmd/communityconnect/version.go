package main

import (
	"cmp"
	"flag"
	"fmt"
	"runtime/debug"
)

// version says which version the binary was built from, as the Go tools noted it.
func version(c call) error {
	if err := parse(flag.NewFlagSet("version", flag.ContinueOnError), c.args); err != nil {
		return err
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	noted := map[string]string{}
	for _, s := range info.Settings {
		noted[s.Key] = s.Value
	}
	line := "communityconnect " + cmp.Or(info.Main.Version, "(devel)")
	if revision := noted["vcs.revision"]; revision != "" {
		line += " " + revision
		if noted["vcs.modified"] == "true" {
			line += " with changes"
		}
	}
	_, err := fmt.Fprintln(c.out, line, info.GoVersion)
	return err
}
