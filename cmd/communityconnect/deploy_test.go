package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// ourCalls finds calls of the program: in shell lines, units, and compose's lists.
var ourCalls = regexp.MustCompile("(?m)(?:/|^|[ `])communityconnect ([a-z]+(?: [^`\n|]*)?)|command: \\[([a-z]+,[^\n]*)\\]")

// The units, the compose file and the manuals call the program by verbs and flags that
// it has.
func TestCallsInDeployAndDocs(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../../deploy/*", "../../docs/*.md", "../../README.md"} {
		found, err := filepath.Glob(pattern)
		fine(t, err)
		files = append(files, found...)
	}
	calls := 0
	for _, file := range files {
		body, err := os.ReadFile(file)
		fine(t, err)
		text := strings.ReplaceAll(string(body), "-u communityconnect communityconnect", "communityconnect")
		for _, m := range ourCalls.FindAllStringSubmatch(text, -1) {
			words := strings.Fields(m[1] + strings.ReplaceAll(m[2], ",", " "))
			if !isVerb(words[0]) {
				if strings.Contains(m[0], "--") || m[2] != "" {
					t.Errorf("%s calls %q, and there is no such verb", file, words[0])
				}
				continue // a sentence about the program
			}
			calls++
			for _, flag := range flagsIn(words) {
				if code, _, errOut := callFor(words[0], flag, "--help"); code != exitFine && strings.Contains(errOut, "not defined") {
					t.Errorf("%s calls %s with %s, which it does not have", file, words[0], flag)
				}
			}
		}
	}
	if calls < 9 {
		t.Errorf("only %d calls were found: the search for them is broken", calls)
	}
}

func isVerb(word string) bool {
	return slices.ContainsFunc(verbs(), func(v verb) bool { return v.name == word })
}

// flagsIn returns the flags among words, each with a value if one follows.
func flagsIn(words []string) []string {
	var flags []string
	for _, w := range words {
		if strings.HasPrefix(w, "--") {
			flags = append(flags, strings.Trim(w, ".,;)\"'"))
		}
	}
	return flags
}

// signal-cli is started so that no message is fetched while nobody keeps it, and none is
// printed.
func TestSignalCLIFlags(t *testing.T) {
	for _, file := range []string{"../../deploy/signal-cli.service", "../../deploy/compose.yaml"} {
		body, err := os.ReadFile(file)
		fine(t, err)
		call := regexp.MustCompile("(?m)^.*--receive-mode.*$").FindString(string(body))
		words := strings.Fields(strings.NewReplacer(",", " ", "[", " ", "]", " ").Replace(call))
		if !slices.Contains(words, "daemon") {
			t.Fatalf("%s does not start the daemon", file)
		}
		before, after := words[:slices.Index(words, "daemon")], words[slices.Index(words, "daemon"):]
		for _, flag := range []string{"-a", "--scrub-log"} {
			if !slices.Contains(before, flag) {
				t.Errorf("%s: %s is missing before daemon", file, flag)
			}
		}
		for _, flag := range []string{"--socket", "--receive-mode=manual", "--no-receive-stdout", "--ignore-attachments", "--ignore-stories", "--ignore-avatars", "--ignore-stickers"} {
			if !slices.Contains(after, flag) {
				t.Errorf("%s: %s is missing after daemon", file, flag)
			}
		}
	}
}

// The bot's unit lets systemd watch over it, and gives it the time to stop.
func TestUnit(t *testing.T) {
	body, err := os.ReadFile("../../deploy/communityconnect.service")
	fine(t, err)
	for _, line := range []string{"Type=notify", "WatchdogSec=", "TimeoutStopSec=90", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0077", "After=signal-cli.service"} {
		if !strings.Contains(string(body), "\n"+line) {
			t.Errorf("the unit misses %s", line)
		}
	}
}
