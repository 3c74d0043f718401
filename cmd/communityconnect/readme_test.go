package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README is short, shows a conversation that the bot really has, and gives the
// test command that lands a change.
func TestReadme(t *testing.T) {
	top := filepath.Join("..", "..")
	readme := read(t, top, "README.md")
	if n := strings.Count(readme, "\n"); n >= 120 {
		t.Errorf("the README has %d lines, and should have under 120", n)
	}
	shown := regexp.MustCompile("<!-- from (\\S+) -->\n```\n((?s).*?)```").FindAllStringSubmatch(readme, -1)
	if len(shown) != 1 {
		t.Fatalf("the README shows %d conversations, want 1", len(shown))
	}
	if !strings.Contains(read(t, top, shown[0][1]), shown[0][2]) {
		t.Errorf("the conversation in the README is not one of %s", shown[0][1])
	}
	if ci := read(t, top, ".ci/run"); !strings.Contains(readme, "\ngo test ./... ") || !strings.Contains(ci, "\ngo test ./...\n") {
		t.Error("the README and .ci/run do not run the same tests")
	}
	for _, link := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(top, link[1])); err != nil {
			t.Errorf("the README links to what is not there: %v", err)
		}
	}
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
