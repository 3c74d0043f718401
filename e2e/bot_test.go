//go:build long

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"communityconnect/community"
)

// A community's first days: the program itself, with the real signal-cli between it and
// simulated people, who see exactly what they should and nothing else.
func TestBot(t *testing.T) {
	v := startVillage(t)
	v.start()
	for _, part := range []struct {
		name string
		play func(*village)
	}{
		{"founding", founding},
		{"hello", hello},
		{"board", playBoard},
		{"trades", playTrades},
		{"edited", playEdited},
		{"joining", playJoining},
		{"coming", playComing},
		{"council", playCouncil},
		{"weight", weigh},
		{"restarts", playRestarts},
		{"rate limits", playLimits},
		{"captcha", playCaptcha},
		{"books", inspect},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			v.t = t
			part.play(v)
			v.quiet()
		}) {
			v.t = t
			break
		}
	}
	v.t = t
	v.stop()
}

// Everybody who is in the groups is in the books, and the bot introduces itself once.
func founding(v *village) {
	text := v.await("Alice", "the introduction", func(c content) bool { return c.Data != nil && v.placeOf(*c.Data) == riverside && c.Data.Body != "" }).Data.Body
	if !strings.HasPrefix(text, "👋 Hello! I'm the bot of Riverside.") || strings.Count(text, "\n") != 4 {
		v.t.Errorf("the introduction is %q", text)
	}
	v.gets("Bob", riverside, text)
	v.gets("Carol", riverside, text)
	v.all(council, outdated)
}

// What the council hears of a signal-cli as old as the one here has to be.
const outdated = "⚠️ The program that connects me with Signal is too old, and messages to me may get lost. Whoever looks after my computer: please update signal-cli."

// Who says hello in a direct message can be written to.
func hello(v *village) {
	for _, who := range []string{"Alice", "Bob", "Carol"} {
		v.say(who, direct, "hello")
		v.gets(who, direct, "Hello "+who+"! I keep the board and the books of Riverside: who offers what, who has helped whom. Tell me /help, or just /balance.")
	}
}

// An offer, a request, and a match.
func playBoard(v *village) {
	v.say("Carol", riverside, "/offer Ladder to lend, any evening")
	v.all(riverside, "🎁 Carol offers: Ladder to lend, any evening\n🙋 if you'd like that.")
	v.say("Alice", riverside, "/request Help to move five boxes on Saturday, 2h")
	card := v.all(riverside, "🙏 Alice asks: Help to move five boxes on Saturday, 2h\n🙋 if you can help.")
	v.tap("Bob", riverside, "🙋", card.Timestamp)
	for _, who := range []string{"Alice", "Bob"} {
		v.gets(who, direct, "Bob can help Alice with “Help to move five boxes on Saturday, 2h”. Sort out the details between you; when it's done, either of you tell me how long it took.")
	}
}

// A trade logged in the group and confirmed by a tap, and one between direct messages.
func playTrades(v *village) {
	v.say("Bob", riverside, "/gave @Alice 2h boxes")
	prompt := v.all(riverside, "@Alice, Bob says they gave you 2h (boxes). Is that right? ✅ yes · ❌ no, or reply with the right amount.")
	v.tap("Alice", riverside, "✅", prompt.Timestamp)
	v.allEdited(riverside, prompt.Timestamp, "✅ Recorded: Bob gave Alice 2h (boxes). Thank you both.")

	logged := v.say("Carol", direct, "/gave Bob 30m lift to town")
	v.reacted("Carol", direct, "👍", "Carol", logged)
	asked := v.gets("Bob", direct, "Carol says they gave you 30m (lift to town). Is that right? You'd go from +2h to +1h30; your floor is -50h.\n✅ yes · ❌ no, or tell me the right amount.")
	v.say("Bob", direct, "yes")
	v.gets("Carol", direct, "✅ Bob said yes: 30m (lift to town) is recorded. You're at +30m.")
	v.edited("Bob", direct, asked.Timestamp, "✅ Recorded: Carol gave Bob 30m (lift to town). You're at +1h30.")

	v.say("Carol", direct, "balance")
	v.gets("Carol", direct, "You're at +30m. You can get up to 50h30 of help, and give up to 99h30.")
}

// A command that becomes one by an edit is not carried out, and its author hears why.
func playEdited(v *village) {
	sent := v.say("Bob", riverside, "/gav @Carol 5h painting")
	v.send("Bob", riverside, map[string]any{"editMessage": map[string]any{"targetSentTimestamp": sent, "dataMessage": map[string]any{
		"body": "/gave \ufffc 5h painting", "bodyRanges": []any{map[string]any{"start": 6, "length": 1, "mentionAci": v.aci["Carol"]}},
	}}})
	v.gets("Bob", direct, "I don't carry out edited messages, so that nothing happens twice. If you still want that, send it again as a new message.")
}

// Somebody whom Alice has added to the group is greeted there, and is in the books once
// Bob, who knows her, has waved. From then on she is asked and answered like anybody.
func playJoining(v *village) {
	v.call("change", map[string]any{"title": riverside, "by": "Alice", "to": "bot", "add": "Dora"}, nil)
	v.members[riverside] = append(v.members[riverside], "Dora")
	greeting := v.all(riverside, "👋 Welcome, @Dora! Neighbours: if you know them, a 👋 on this message brings them into the books.")
	v.tap("Bob", riverside, "👋🏽", greeting.Timestamp)
	v.all(riverside, "👋 @Dora is in: Bob vouched for them. Welcome! Say hello to me in a direct message and I'll tell you how this works.")
	v.gets("Bob", direct, "Dora is in. Thank you for bringing them; your name stays beside theirs.")
	v.say("Dora", direct, "hello")
	v.gets("Dora", direct, welcome("Dora", "Bob"))
	v.say("Dora", direct, "no")
	v.gets("Dora", direct, "All right, that stays between us.")
}

// Somebody who only writes to the bot is taken into the group by it, once Alice has
// vouched for their code.
func playComing(v *village) {
	v.say("Eve", direct, "hello")
	code := regexp.MustCompile(`code to a member who knows you: ([A-Z-]+)\.`)
	var said string
	v.await("Eve", "a code", func(c content) bool {
		if c.Data == nil || !code.MatchString(c.Data.Body) {
			return false
		}
		said = code.FindStringSubmatch(c.Data.Body)[1]
		return true
	})
	v.say("Alice", direct, "/vouch "+said)
	v.gets("Alice", direct, "Eve is in. Thank you for bringing them; your name stays beside theirs.")
	v.members[riverside] = append(v.members[riverside], "Eve")
	v.all(riverside, "👋 Eve is in: Alice vouched for them. Welcome!")
	v.gets("Eve", direct, welcome("Eve", "Alice"))
}

// welcome is what somebody reads who is in since somebody else vouched for them.
func welcome(who, voucher string) string {
	return fmt.Sprintf("Welcome to Riverside, %s! %s vouched for you. An hour of help is a credit, whatever the help. To begin with you can get up to 12h of help and give up to 24h; that opens after a few trades with different people, and a month. What may be traded: %s /help tells what you can say to me.\n\n"+
		"May %[2]s, who vouched for you, hear early if something gets difficult – when you near your limit, or two of you disagree? They could help. ✅ yes · ❌ no", who, voucher, community.DefaultPolicy().Scope)
}

// What the council decides takes two of it.
func playCouncil(v *village) {
	v.say("Alice", council, "/policy floor -40h")
	prompt := v.all(council, "Alice wants to change the policy floor from -50h to -40h. It needs a ✅ from another member of the council · ❌ stops it")
	v.tap("Bob", council, "✅", prompt.Timestamp)
	v.allEdited(council, prompt.Timestamp, "✅ Alice, seconded by Bob: change the policy floor from -50h to -40h")
}

// Nothing is lost or said twice when signal-cli or the bot ends, well or badly.
func playRestarts(v *village) {
	v.say("Carol", riverside, "/got @Bob 1h ironing")
	prompt := v.all(riverside, "@Bob, Carol says you gave them 1h (ironing). Is that right? ✅ yes · ❌ no, or reply with the right amount.")
	v.settled()

	v.stopDaemon()
	v.until("signal_online", 0)
	v.say("Alice", direct, "balance")
	v.startDaemon()
	v.gets("Alice", direct, "You're at -2h. You can get up to 38h of help, and give up to 102h.")
	v.settled()

	v.stop()
	v.tap("Bob", riverside, "✅", prompt.Timestamp)
	v.start()
	v.allEdited(riverside, prompt.Timestamp, "✅ Recorded: Bob gave Carol 1h (ironing). Thank you both.")

	logged := v.say("Alice", direct, "/gave Carol 15m posting a letter")
	asked := v.gets("Carol", direct, "Alice says they gave you 15m (posting a letter). Is that right? You'd go from -30m to -45m; your floor is -40h.\n✅ yes · ❌ no, or tell me the right amount.")
	v.reacted("Alice", direct, "👍", "Alice", logged)
	v.settled()

	v.kill()
	v.killDaemon()
	v.say("Carol", direct, "yes")
	v.startDaemon()
	v.start()
	v.edited("Carol", direct, asked.Timestamp, "✅ Recorded: Alice gave Carol 15m (posting a letter). You're at -45m.")
	v.gets("Alice", direct, "✅ Carol said yes: 15m (posting a letter) is recorded. You're at -1h45.")
}

// What Signal turns away for a moment goes out after it, once.
func playLimits(v *village) {
	for i, status := range []int{429, 413} {
		v.call("fault", map[string]any{"path": "/v1/messages/" + v.aci["Carol"], "status": status, "count": 100, "headers": []string{"Retry-After: 2"}}, nil)
		v.say("Carol", direct, "balance")
		v.until(`signal_refused_calls_total\{code="-5"\}`, float64(i+1))
		v.call("clearFaults", nil, nil)
		v.gets("Carol", direct, "You're at -45m. You can get up to 39h15 of help, and give up to 100h45.")
	}
}

// When Signal wants a captcha, what is meant for one person waits, everybody else is
// served, the council hears of it, and the answer lets out what waited, once.
func playCaptcha(v *village) {
	v.call("fault", map[string]any{"path": "/v1/messages/" + v.aci["Carol"], "status": 428, "count": 100,
		"headers": []string{"Retry-After: 3600"}, "body": map[string]any{"token": "tok-7", "options": []string{"captcha"}}}, nil)
	v.say("Carol", direct, "balance")
	v.all(council, "⚠️ Signal wants proof that I'm no spammer before I may write much more. Whoever looks after my computer: communityconnect check says what to do. I hear everything, but some answers will be late.")
	v.say("Carol", direct, "limits")
	v.until("outbox_waiting", 2)
	v.say("Bob", direct, "balance")
	v.gets("Bob", direct, "You're at +2h30. You can get up to 42h30 of help, and give up to 97h30.")
	out, code := v.verb("check", "--config", v.config)
	if code != 1 || !regexp.MustCompile(`(?m)^FAIL  captcha .*--token tok-7 `).MatchString(out) {
		v.t.Errorf("check ends with %d:\n%s", code, out)
	}
	v.call("clearFaults", nil, nil)
	if out, code := v.verb("challenge", "--config", v.config, "--captcha", "signalcaptcha://answer"); code != 0 {
		v.t.Fatalf("challenge ends with %d: %s", code, out)
	}
	v.gets("Carol", direct, "You're at -45m. You can get up to 39h15 of help, and give up to 100h45.\n\n"+
		"You can go from -40h to +100h. You're at -45m: up to 39h15 of help to get, up to 100h45 to give.")
	v.all(council, "✅ Signal lets me write again.")
}

// usage is what a process takes.
type usage struct {
	memory int           // resident, in KiB
	own    int           // of that what is not a file's, in KiB
	cpu    time.Duration // since it began
}

func (v *village) usage(pid int) usage {
	v.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		v.t.Fatalf("what a process takes is read from /proc: %v", err)
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		v.t.Fatal(err)
	}
	rss := regexp.MustCompile(`VmRSS:\s*(\d+) kB`).FindSubmatch(status)
	own := regexp.MustCompile(`RssAnon:\s*(\d+) kB`).FindSubmatch(status)
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if rss == nil || own == nil || len(fields) < 13 {
		v.t.Fatalf("the system says %s%s", status, stat)
	}
	memory, _ := strconv.Atoi(string(rss[1]))
	anonymous, _ := strconv.Atoi(string(own[1]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return usage{memory, anonymous, time.Duration(user+system) * 10 * time.Millisecond} // the kernel counts in hundredths to everybody
}

// lighter is how many times as much memory signal-cli has to take as the bot: of their own
// memory, and with the files (above all the programs themselves) that the system lays
// beside it and takes away when it needs the room.
const lighter = 8

// weigh compares the idle bot with the idle signal-cli beside it.
func weigh(v *village) {
	v.settled()
	const window = 10 * time.Second
	pids := map[string]int{"the bot": v.bot.cmd.Process.Pid, "signal-cli": v.daemon.Process.Pid}
	before := map[string]usage{}
	for name, pid := range pids {
		before[name] = v.usage(pid)
	}
	for end := time.Now().Add(window); time.Now().Before(end); {
		v.heard = append(v.heard, v.listen(time.Until(end))...)
	}
	after := map[string]usage{}
	for _, name := range slices.Sorted(maps.Keys(pids)) {
		after[name] = v.usage(pids[name])
		v.t.Logf("%s: %.1f MiB resident, %.1f MiB of its own, %v of CPU in %v idle", name, float64(after[name].memory)/1024, float64(after[name].own)/1024, after[name].cpu-before[name].cpu, window)
	}
	bot, daemon := after["the bot"], after["signal-cli"]
	v.t.Logf("signal-cli takes %.1f times the bot's resident memory, and %.1f times of its own",
		float64(daemon.memory)/float64(bot.memory), float64(daemon.own)/float64(bot.own))
	if lighter*bot.own > daemon.own || lighter*bot.memory > daemon.memory {
		v.t.Error("the bot takes more memory than it should beside signal-cli")
	}
}

// inspect looks at the books from outside: the export, the audit and the check.
func inspect(v *village) {
	out, code := v.verb("export", "--db", v.db, "--format", "json")
	var books struct {
		Accounts []struct {
			ID                      int
			Kind, Name, ACI, Status string
			Balance                 int `json:"balance_minutes"`
			Floor                   int `json:"floor_minutes"`
		}
		Transfers []struct {
			From, To, Minutes int
			Kind, What        string
		}
		Trades []struct{ State string }
		Posts  []struct{ Kind, Text, State string }
	}
	if err := json.Unmarshal([]byte(out), &books); err != nil || code != 0 {
		v.t.Fatalf("export ends with %d, %v: %s", code, err, out)
	}
	names, got := map[int]string{}, []string{}
	for _, a := range books.Accounts {
		names[a.ID] = a.Name
		if a.Kind == "member" && a.ACI != v.aci[a.Name] {
			v.t.Errorf("%s's account is not %s's", a.Name, a.Name)
		}
		got = append(got, fmt.Sprintf("%s %s: %d of %d", a.Kind, a.Name, a.Balance, a.Floor))
	}
	for _, t := range books.Transfers {
		got = append(got, fmt.Sprintf("%s: %s to %s %d, %s", t.Kind, names[t.From], names[t.To], t.Minutes, t.What))
	}
	for _, t := range books.Trades {
		got = append(got, "a trade is "+t.State)
	}
	for _, p := range books.Posts {
		got = append(got, fmt.Sprintf("%s %s: %s", p.Kind, p.State, p.Text))
	}
	want := []string{
		"commons The commons: 0 of -6000", "member Alice: -105 of -2400", "member Bob: 150 of -2400", "member Carol: -45 of -2400", "member Dora: 0 of -720", "member Eve: 0 of -720",
		"trade: Alice to Bob 120, boxes", "trade: Bob to Carol 30, lift to town", "trade: Carol to Bob 60, ironing", "trade: Carol to Alice 15, posting a letter",
		"a trade is posted", "a trade is posted", "a trade is posted", "a trade is posted",
		"offer open: Ladder to lend, any evening", "request met: Help to move five boxes on Saturday, 2h",
	}
	if !slices.Equal(got, want) {
		v.t.Errorf("the books are\n%s\nand should be\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if out, code := v.verb("audit", "--db", v.db); code != 0 || !strings.HasPrefix(out, "sum: 0h\naccounts: 6\ntransfers: 4\n") {
		v.t.Errorf("audit ends with %d: %s", code, out)
	}
	v.checked()
}

// checked expects that the installation is fine but for signal-cli, which is as old here
// as it has to be, and a council's group that is open to all of the council.
func (v *village) checked() {
	v.t.Helper()
	out, code := v.verb("check", "--config", v.config)
	if code != 1 { // for the version alone
		v.t.Errorf("check ends with %d", code)
	}
	var got []string
	for line := range strings.Lines(out) {
		if words := strings.Fields(line); len(words) > 1 {
			got = append(got, words[0]+" "+words[1])
		}
	}
	want := []string{
		"ok config", "ok audit", "ok database", "warn policy", "ok backups", "ok reach", "FAIL version", "ok account",
		"ok member", "ok write", "ok member", "ok write", "ok link", "warn adds", "communityconnect: something",
	}
	if !slices.Equal(got, want) {
		v.t.Errorf("check says\n%s", out)
	}
}
