//go:build long

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"communityconnect/config"
)

// The village's two groups; "" stands for a direct message.
const (
	riverside = "Riverside"
	council   = "Riverside council"
	direct    = ""
)

// patience is how long the people of a village wait for what they expect.
const patience = 45 * time.Second

// village is a community of simulated people, with the program itself as its bot.
type village struct {
	*rig
	program string // the binary
	config  string
	db      string
	members map[string][]string // group -> names
	keys    map[string]string   // group -> its key
	aci     map[string]string   // name -> account
	heard   []event             // by people, and not looked at yet
	bot     *process
}

// process is a run of the bot.
type process struct {
	cmd     *exec.Cmd
	log     *record
	metrics string // URL
}

// startVillage has Alice and Bob on the council, and Carol, who hides her number.
func startVillage(t *testing.T) *village {
	v := &village{
		rig: startRig(t, "-Xmx512m"), members: map[string][]string{}, keys: map[string]string{}, aci: map[string]string{},
	}
	v.aci["bot"] = v.rig.aci
	for _, name := range []string{"Alice", "Bob", "Carol", "Dora", "Eve"} {
		v.aci[name] = v.user(name, name == "Carol").ACI
	}
	conf := config.Config{
		Signal: config.Signal{Socket: v.socket, Account: v.number},
		Backup: config.Backup{Directory: "backups"}, LLM: config.LLM{APIKeyEnv: config.DefaultKeyEnv},
		Communities: []config.Community{{
			Name: "Riverside", Timezone: "Europe/Dublin", Database: "riverside.db", Policy: config.DefaultPolicy(),
			Group: v.group(riverside, "Alice", "Bob", "Carol"), CouncilGroup: v.group(council, "Alice", "Bob"),
		}},
	}
	var doc bytes.Buffer
	if err := config.Write(&doc, conf); err != nil {
		t.Fatal(err)
	}
	v.config, v.db = filepath.Join(v.dir, "riverside.toml"), filepath.Join(v.dir, "riverside.db")
	if err := os.WriteFile(v.config, doc.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	v.program = filepath.Join(v.dir, "communityconnect")
	v.run(exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", v.program, "communityconnect/cmd/communityconnect"))
	return v
}

// group makes a group of some people and the bot, and lets Signal tell the bot of it.
func (v *village) group(title string, names ...string) (id string) {
	v.t.Helper()
	var g struct{ ID, Key string }
	v.call("group", map[string]any{"title": title, "members": append(slices.Clone(names), "bot")}, &g)
	v.members[title], v.keys[title] = names, g.Key
	v.say(names[0], title, "let's begin")
	return g.ID
}

// start starts the bot.
func (v *village) start() {
	v.t.Helper()
	p := &process{log: newRecord()}
	p.cmd = exec.Command(v.program, "run", "--config", v.config, "--metrics", "127.0.0.1:0")
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	v.bot = p
	v.whole.Cleanup(func() {
		if v.bot == p {
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
		}
		if v.whole.Failed() {
			v.whole.Logf("the bot's log:\n%s", p.log)
		}
	})
	p.metrics = "http://" + p.log.wait(v.t, `"address":"([0-9.:]+)"`) + "/metrics"
}

// stop ends the bot as the system would, and expects it to end well.
func (v *village) stop() {
	v.t.Helper()
	if err := v.bot.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		v.t.Fatal(err)
	}
	if err := v.bot.cmd.Wait(); err != nil {
		v.t.Errorf("told to stop, the bot ended with %v", err)
	}
	v.bot = nil
}

// kill ends the bot without a warning.
func (v *village) kill() {
	_ = v.bot.cmd.Process.Kill()
	_ = v.bot.cmd.Wait()
	v.bot = nil
}

// until waits until a metric of the bot has a value.
func (v *village) until(metric string, value float64) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	want := regexp.MustCompile(`(?m)^communityconnect_` + metric + ` ` + strconv.FormatFloat(value, 'g', -1, 64) + `$`)
	for {
		resp, err := http.Get(v.bot.metrics)
		if err == nil {
			page, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if want.Match(page) {
				return
			}
		}
		select {
		case <-ctx.Done():
			v.t.Fatalf("%s is not %v", metric, value)
		case <-tick.C:
		}
	}
}

// settled waits until everything has gone out and the bot knows that it has.
func (v *village) settled() {
	v.t.Helper()
	v.until("signal_online", 1)
	v.until("outbox_waiting", 0)
}

// verb runs a verb of the program and returns what it says and its exit code.
func (v *village) verb(args ...string) (out string, code int) {
	v.t.Helper()
	var b bytes.Buffer
	cmd := exec.Command(v.program, args...)
	cmd.Stdout, cmd.Stderr = &b, &b
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		v.t.Fatal(err)
	}
	return b.String(), cmd.ProcessState.ExitCode()
}

// send sends a content from somebody's phone, and returns its time.
func (v *village) send(who, place string, content map[string]any) int64 {
	v.t.Helper()
	in := map[string]any{"from": who, "to": "bot", "content": content}
	if place != direct {
		in["group"] = place
	}
	var out struct{ Timestamp int64 }
	v.call("send", in, &out)
	return out.Timestamp
}

// say sends a text in which @Name is a mention.
func (v *village) say(who, place, text string) int64 {
	v.t.Helper()
	var mentions []any
	for name, aci := range v.aci {
		if before, after, found := strings.Cut(text, "@"+name); found {
			mentions = append(mentions, map[string]any{"start": len([]rune(before)), "length": 1, "mentionAci": aci})
			text = before + "\ufffc" + after
		}
	}
	return v.send(who, place, map[string]any{"dataMessage": map[string]any{"body": text, "bodyRanges": mentions}})
}

// tap reacts to a message of the bot.
func (v *village) tap(who, place, emoji string, sent int64) {
	v.t.Helper()
	v.send(who, place, map[string]any{"dataMessage": map[string]any{"reaction": map[string]any{
		"emoji": emoji, "targetAuthorAci": v.aci["bot"], "targetSentTimestamp": sent,
	}}})
}

// await waits until somebody has seen something that fits, and takes it out.
func (v *village) await(who, what string, fits func(content) bool) content {
	v.t.Helper()
	for end := time.Now().Add(patience); ; {
		at := slices.IndexFunc(v.heard, func(e event) bool { return e.User == who && fits(e.Content) })
		if at >= 0 {
			c := v.heard[at].Content
			v.heard = slices.Delete(v.heard, at, at+1)
			return c
		}
		if !time.Now().Before(end) {
			v.t.Fatalf("%s has not seen %s, but\n%s", who, what, v.rest())
		}
		v.heard = append(v.heard, v.listen(time.Second)...)
	}
}

// gets waits until somebody sees exactly this message, and returns it.
func (v *village) gets(who, place, text string) dataMessage {
	v.t.Helper()
	d := *v.await(who, strconv.Quote(text), func(c content) bool {
		return c.Data != nil && v.placeOf(*c.Data) == place && v.read(*c.Data) == text
	}).Data
	return d
}

// all waits until everybody in a group sees the same message, and returns it.
func (v *village) all(group, text string) dataMessage {
	v.t.Helper()
	var one dataMessage
	for i, who := range v.members[group] {
		d := v.gets(who, group, text)
		if i > 0 && d.Timestamp != one.Timestamp {
			v.t.Errorf("%s sees another %q", who, text)
		}
		one = d
	}
	return one
}

// edited waits until a message has become another before the eyes of somebody.
func (v *village) edited(who, place string, sent int64, text string) {
	v.t.Helper()
	v.await(who, "the edit to "+strconv.Quote(text), func(c content) bool {
		return c.Edit != nil && c.Edit.Target == sent && v.placeOf(c.Edit.Data) == place && v.read(c.Edit.Data) == text
	})
}

// allEdited waits until a message has become another before everybody's eyes.
func (v *village) allEdited(group string, sent int64, text string) {
	v.t.Helper()
	for _, who := range v.members[group] {
		v.edited(who, group, sent, text)
	}
}

// reacted waits until somebody sees the bot react to a message.
func (v *village) reacted(who, place, emoji, author string, sent int64) {
	v.t.Helper()
	v.await(who, emoji, func(c content) bool {
		if c.Data == nil || c.Data.Reaction == nil || v.placeOf(*c.Data) != place {
			return false
		}
		r := *c.Data.Reaction
		return r.Emoji == emoji && r.TargetAuthorACI == v.aci[author] && r.TargetSentTimestamp == sent
	})
}

// placeOf says where a message stands.
func (v *village) placeOf(d dataMessage) string {
	if d.Group == nil {
		return direct
	}
	for title, key := range v.keys {
		if key == d.Group.Key {
			return title
		}
	}
	return "elsewhere"
}

// read returns a text with its mentions as @Name.
func (v *village) read(d dataMessage) string {
	text := utf16.Encode([]rune(d.Body))
	for _, r := range slices.Backward(d.BodyRanges) {
		for name, aci := range v.aci {
			if aci == r.MentionACI && r.Length == 1 && r.Start < len(text) && text[r.Start] == '\ufffc' {
				text = slices.Concat(text[:r.Start], utf16.Encode([]rune("@"+name)), text[r.Start+1:])
			}
		}
	}
	return string(utf16.Decode(text))
}

// rest lists what people have seen and nobody expected.
func (v *village) rest() string {
	var b strings.Builder
	for _, e := range v.heard {
		c := e.Content
		switch {
		case e.User == "bot": // the bot's own phone
		case c.Edit != nil:
			fmt.Fprintf(&b, "%s in %q: edit to %q\n", e.User, v.placeOf(c.Edit.Data), v.read(c.Edit.Data))
		case c.Data != nil && c.Data.Reaction != nil:
			fmt.Fprintf(&b, "%s in %q: %s\n", e.User, v.placeOf(*c.Data), c.Data.Reaction.Emoji)
		case c.Data != nil && c.Data.Body != "":
			fmt.Fprintf(&b, "%s in %q: %q\n", e.User, v.placeOf(*c.Data), v.read(*c.Data))
		}
	}
	return b.String()
}

// quiet expects that nobody has seen anything else.
func (v *village) quiet() {
	v.t.Helper()
	v.settled()
	for more := v.listen(0); len(more) > 0; more = v.listen(time.Second) {
		v.heard = append(v.heard, more...)
	}
	if rest := v.rest(); rest != "" {
		v.t.Errorf("nobody expected\n%s", rest)
	}
	v.heard = nil
}

// record is a log that can be waited for.
type record struct {
	mu    sync.Mutex
	text  []byte
	moved chan struct{} // closed and replaced when more was written
}

func newRecord() *record { return &record{moved: make(chan struct{})} }

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = append(r.text, p...)
	close(r.moved)
	r.moved = make(chan struct{})
	return len(p), nil
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.text)
}

// wait returns what the brackets of pattern match, as soon as it was written.
func (r *record) wait(t *testing.T, pattern string) string {
	t.Helper()
	want := regexp.MustCompile(pattern)
	late := time.After(patience)
	for {
		r.mu.Lock()
		found, moved := want.FindSubmatch(r.text), r.moved
		r.mu.Unlock()
		if found != nil {
			return string(found[len(found)-1])
		}
		select {
		case <-moved:
		case <-late:
			t.Fatalf("the log does not say %s:\n%s", pattern, r)
		}
	}
}
