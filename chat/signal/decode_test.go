package signal

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communityconnect/chat"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The accounts of the bot in the samples.
var sampleBots = map[string]account{
	"0.13.19": {aci: "bc95dad1-95a7-454c-a8c2-4a6f765e764a", number: "+14154978327"},
	"0.14":    {aci: "bc95dad1-95a7-454c-a8c2-4a6f765e764a", number: "+353870000001"},
}

// What signal-cli writes is understood, release by release. 0.13.19 holds lines of a real
// daemon; 0.14 has the fields that came later.
func TestDecodeSamples(t *testing.T) {
	for release, me := range sampleBots {
		var out bytes.Buffer
		for _, file := range sampleFiles(t, release) {
			line, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := decode(bytes.TrimSpace(line), me)
			fmt.Fprintf(&out, "%s: %s\n", strings.TrimSuffix(filepath.Base(file), ".json"), describe(d, err))
		}
		golden(t, filepath.Join("testdata", release+".golden"), out.Bytes())
	}
}

func sampleFiles(t testing.TB, release string) []string {
	files, err := filepath.Glob(filepath.Join("testdata", release, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples of %s: %v", release, err)
	}
	return files
}

// describe says all there is in a decoded line.
func describe(d decoded, err error) string {
	var parts []string
	if err != nil {
		parts = append(parts, "error: "+err.Error())
	}
	for what, value := range map[string]any{"message": d.delivery.Message, "arrival": d.delivery.Arrival} {
		if b, _ := json.Marshal(value); string(b) != "null" {
			if len(b) > 1000 {
				b = fmt.Appendf(b[:200:200], "... %d bytes", len(b))
			}
			parts = append(parts, what+" "+string(b))
		}
	}
	if d.exception != "" {
		parts = append(parts, fmt.Sprintf("exception %s from %q", d.exception, d.from))
	}
	if d.ignored != "" {
		parts = append(parts, "ignored: "+d.ignored)
	}
	if d.changed != "" {
		parts = append(parts, "group changed")
	}
	if d.automatic {
		parts = append(parts, "(automatic)")
	}
	return strings.Join(parts, ", ")
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the difference. Now it is:\n%s", file, got)
	}
}

// Every outcome of a send that a real daemon has shown is told apart.
func TestSendOutcomes(t *testing.T) {
	var out bytes.Buffer
	for _, file := range sampleFiles(t, "answers") {
		line, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		received, f, err := isReceive(bytes.TrimSpace(line))
		if err != nil || received {
			t.Fatalf("%s is no answer: %v", file, err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if f.Error == nil {
			var sent wireSent
			if err := json.Unmarshal(f.Result, &sent); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			fmt.Fprintf(&out, "%s: sent %d, missed %v\n", name, sent.Timestamp, missed(sent.Results))
			continue
		}
		e := sendError(&CallError{Method: "send", Code: f.Error.Code, Text: f.Error.Message, data: f.Error.Data})
		fmt.Fprintf(&out, "%s: %s after %v challenge %q missed %v as %d (%v)\n", name, e.Outcome, e.After, e.Challenge, e.Missed, e.Sent, e.Cause)
	}
	golden(t, filepath.Join("testdata", "answers.golden"), out.Bytes())
}

// Nothing that the decoder makes of a line, whatever the line, holds a phone number or
// points outside of its own text.
func FuzzDecode(f *testing.F) {
	for release := range sampleBots {
		for _, file := range sampleFiles(f, release) {
			line, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(bytes.TrimSpace(line))
		}
	}
	me := sampleBots["0.13.19"]
	f.Fuzz(func(t *testing.T, line []byte) {
		if phoneNumber.Match(withoutNumbers(line)) {
			t.Errorf("a number is left in %q", withoutNumbers(line))
		}
		_, _, _ = isReceive(line)
		d, err := decode(line, me)
		if err != nil {
			return
		}
		m := d.delivery.Message
		if m == nil {
			return
		}
		if !isACI(string(m.From)) || m.From == me.aci || m.Sent <= 0 || (m.In.Group == "") == (m.In.Person == "") {
			t.Errorf("%q became %+v", line, *m)
		}
		for _, at := range m.Mentions {
			if at.Start < 0 || at.Length <= 0 || at.Start+at.Length > utf16Len(m.Text) || !isACI(string(at.Person)) {
				t.Errorf("mention %+v is not inside its text of %d", at, utf16Len(m.Text))
			}
		}
		if phoneNumber.MatchString(m.Name) {
			t.Errorf("the name is a number in %q", line)
		}
		if m.Reaction != nil && m.Reaction.Emoji != chat.PlainEmoji(m.Reaction.Emoji) {
			t.Errorf("the emoji is not plain in %q", line)
		}
	})
}

// A text may hold a mention in front of characters beyond 16 bits, and still point right.
func TestUTF16Len(t *testing.T) {
	for s, want := range map[string]int{"": 0, "a": 1, "é": 1, "\ufffc": 1, "🐎": 2, "👩‍🌾": 5, "a\xffb": 3} {
		if got := utf16Len(s); got != want {
			t.Errorf("utf16Len(%q) = %d, want %d", s, got, want)
		}
	}
}

// What is no character in a text does not cost the rest of it.
func TestDecodeBrokenCharacters(t *testing.T) {
	for raw, want := range map[string]string{
		`a\ud800b`:       "a\ufffdb",
		"a\xffb":         "a\ufffdb",
		`\ud83d\udc0e\n`: "🐎\n",
		"\xff\\u0041":    "\ufffdA",
		`\u0000`:         "\x00",
	} {
		line := `{"jsonrpc":"2.0","method":"receive","params":{"envelope":{"sourceUuid":"92c34d17-ddf5-41ef-af25-844a312bd929","timestamp":7,"dataMessage":{"message":"` + raw + `"}}}}`
		d, err := decode([]byte(line), account{})
		if err != nil || d.delivery.Message == nil || d.delivery.Message.Text != want {
			t.Errorf("%q became %v, %v, want %q", raw, d.delivery.Message, err, want)
		}
	}
}
