//go:build long

package e2e

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// program is communityconnect itself beside a rig.
type program struct {
	*rig
	t       *testing.T
	path    string
	config  string
	running *exec.Cmd
	log     *logged
}

// logged is what the program writes to standard error.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newProgram(t *testing.T) *program {
	t.Helper()
	r := startRig(t)
	p := &program{rig: r, t: t, path: filepath.Join(r.dir, "communityconnect"), config: filepath.Join(r.dir, "riverside.toml"), log: &logged{}}
	r.run(exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", p.path, "../cmd/communityconnect"))
	return p
}

// verb runs one of the program's verbs to its end.
func (p *program) verb(args ...string) (code int, out string) {
	p.t.Helper()
	cmd := exec.Command(p.path, args...)
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(text)
}

func (p *program) start() {
	p.t.Helper()
	p.running = exec.Command(p.path, "run", "--config", p.config)
	p.running.Stderr = p.log
	if err := p.running.Start(); err != nil {
		p.t.Fatal(err)
	}
}

// stop ends the bot as the system would.
func (p *program) stop() {
	p.t.Helper()
	if p.running == nil {
		return
	}
	_ = p.running.Process.Signal(syscall.SIGTERM)
	if err := p.running.Wait(); err != nil {
		p.t.Errorf("the bot ended with %v\n%s", err, p.log)
	}
	p.running = nil
}

// say lets somebody write, in a group or, without one, to the bot.
func (p *program) say(from, group, body string) {
	p.t.Helper()
	in := map[string]any{"from": from, "to": "bot", "content": map[string]any{"dataMessage": map[string]any{"body": body}}}
	if group != "" {
		in["group"] = group
	}
	p.call("send", in, nil)
}

// hears waits until somebody has read a message with the given words.
func (p *program) hears(user, words string) content {
	p.t.Helper()
	return p.seen(user, func(c content) bool { return c.Data != nil && strings.Contains(c.Data.Body, words) })
}

// The whole program, from setup to a trade in the books, on a real signal-cli that knows
// of its groups only what waits for it at Signal.
func TestProgram(t *testing.T) {
	p := newProgram(t)
	defer p.stop()
	p.user("alice", false)
	p.user("carol", true)
	var riverside, council struct{ ID string }
	p.call("group", map[string]any{"title": "Riverside", "members": []string{"alice", "bot", "carol"}}, &riverside)
	p.call("group", map[string]any{"title": "Council", "members": []string{"alice", "bot"}}, &council)
	p.say("alice", "Riverside", "welcome, bot")
	p.say("alice", "Council", "and here")

	code, out := p.verb("setup", "--config", p.config, "--socket", p.socket, "--group", riverside.ID, "--council-group", council.ID, "--timezone", "Europe/Dublin", "--yes")
	if code != 1 || strings.Count(out, "FAIL") != 2 || !strings.Contains(out, "FAIL  version") { // signal-cli is an old one here
		t.Fatalf("setup ended with %d:\n%s", code, out)
	}
	if !strings.Contains(out, "Asking Signal") {
		t.Errorf("signal-cli knew the groups without asking:\n%s", out)
	}
	p.start()
	p.hears("carol", "I'm the bot of Riverside")
	p.say("alice", "", "hello")
	p.hears("alice", "alice")
	p.say("carol", "", "hello")
	p.hears("carol", "carol")
	p.say("alice", "", "/gave carol 1h moving boxes")
	prompt := p.hears("carol", "says they gave you 1h (moving boxes)")
	p.call("send", map[string]any{"from": "carol", "to": "bot", "content": map[string]any{"dataMessage": map[string]any{"reaction": map[string]any{
		"emoji": "✅", "targetAuthorAci": p.aci, "targetSentTimestamp": prompt.Data.Timestamp,
	}}}}, nil)
	p.hears("alice", "is recorded")
	p.stop()
	p.say("alice", "", "balance")
	p.start()
	p.hears("alice", "You're at +1h")
	p.stop()
	if code, out := p.verb("audit", "--db", filepath.Join(p.dir, "riverside.db")); code != 0 || !strings.Contains(out, "transfers: 1\n") {
		t.Errorf("audit ended with %d:\n%s", code, out)
	}
	for _, private := range []string{"alice", "carol", "boxes", "hello", p.number, p.aci, riverside.ID} {
		if strings.Contains(p.log.String(), private) {
			t.Errorf("the log has %q:\n%s", private, p.log)
		}
	}
}
