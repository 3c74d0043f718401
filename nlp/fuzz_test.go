package nlp_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"communityconnect/ledger"
	"communityconnect/nlp"
)

// FuzzUnderstand gives the parser anything at all: it must not panic, must keep its
// confidence between 0 and 1, must not speak up in the group when unsure, and must read
// the same thing twice the same way.
func FuzzUnderstand(f *testing.F) {
	for _, e := range jsonExamples(f, "testdata/dev.jsonl")[:60] {
		f.Add(e.Text, "Maria", "offer", "Guitar lessons", 0, 1, e.Context == "dm")
	}
	for _, s := range awkward() {
		f.Add(s, "Bríd\uFFFC", "trade_prompt", "Tom logged: 2 h", -1, 1<<30, true)
	}
	p := parser(f)
	f.Fuzz(func(t *testing.T, text, name, kind, quoted string, start, length int, direct bool) {
		u := nlp.Utterance{Text: text, Direct: direct, Sender: nlp.Sender{Members: []string{name, ""}},
			Mentions: []nlp.Mention{{Name: name, Start: start, Length: length}, {Name: name, Start: start + 1, Length: 1, Bot: true}}}
		if kind != "" {
			u.ReplyTo = &nlp.Quoted{Kind: nlp.QuotedKind(kind), Text: quoted, Author: name, Self: length%2 == 0}
		}
		r := p.Understand(u)
		if r.Confidence < 0 || r.Confidence > 1 {
			t.Errorf("confidence %v", r.Confidence)
		}
		if r.Outcome == nlp.Unsure && !direct {
			t.Errorf("unsure in the group: %+v", r)
		}
		if (r.Intent == nlp.None) != (r.Outcome == nlp.NotForUs) {
			t.Errorf("%v goes with outcome %v", r.Intent, r.Outcome)
		}
		if m := r.Slots.Minutes; m < 0 || m > ledger.MaxAmount {
			t.Errorf("%v is no amount", m)
		}
		if utf8.ValidString(text) && utf8.ValidString(name) && !utf8.ValidString(r.Slots.Title+r.Slots.When+r.Slots.What) {
			t.Errorf("slots cut through a character: %+q", r.Slots)
		}
		if again := p.Understand(u); again != r {
			t.Errorf("read as %+v and as %+v", r, again)
		}
	})
}

// FuzzAmount: an amount is always one a trade can carry.
func FuzzAmount(f *testing.F) {
	for _, l := range jsonExamples(f, "testdata/durations.jsonl") {
		f.Add(l.Plain)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if m, ok := nlp.Amount(text); ok && (m <= 0 || m > ledger.MaxAmount) {
			t.Errorf("Amount(%q) = %d", text, m)
		}
	})
}

// FuzzResolveWhen: a resolved time never ends before it starts.
func FuzzResolveWhen(f *testing.F) {
	for _, s := range []string{"Saturday week, 7 till 11", "24 May", "31 June", "Thursday to Sunday", "next", "last 9", "half", "from", "the 99th", "noon to"} {
		f.Add(s, int64(1779290000))
	}
	f.Fuzz(func(t *testing.T, words string, at int64) {
		now := time.Unix(at%4e9, 0).UTC()
		if from, to, ok := nlp.ResolveWhen(words, now); ok && to.Before(from) {
			t.Errorf("ResolveWhen(%q, %v) = %v to %v", words, now, from, to)
		}
	})
}

// awkward are texts that break careless readers.
func awkward() []string {
	return []string{
		"", " ", "\x00", "\uFFFC", strings.Repeat("\uFFFC", 3000), "\xff\xfe", "é\xcc\x81́́́", "👨‍👩‍👧‍👦👍🏽", "שלום אפשר לקבל עזרה?", "مرحبا هل يمكن لأحد المساعدة",
		"\u202Eanyone lend me a drill\u202C", strings.Repeat("a", 1<<16), strings.Repeat("need a lift ", 6000), strings.Repeat("?", 1<<16),
		strings.Repeat("anyone ", 9000), strings.Repeat("any , ", 9000), strings.Repeat("if you have any ", 9000), strings.Repeat("1/2 ", 9000), strings.Repeat("half ", 9000), strings.Repeat("2 hours and ", 5000),
		strings.Repeat("’s ", 9000), strings.Repeat("@", 1<<16), strings.Repeat("@a", 1<<15), strings.Repeat("7 till ", 9000), strings.Repeat("Maria ", 9000),
		"99999999999999999999 hours", "1e308 hours", "0 hours", "-5 hours", "½½½ hours", "24:60", "9:99 till 9:98", "#", "#999999999999999999999", "@TimeBot", "half", "a", "in",
		"from", "between", "log", "owe", "who", "thanks", "quarter to", "between 2 and", "an hour and", "2 x", "three", "twice", "on the", "next",
	}
}

// However long or odd a text, reading it is bounded work: what lies past the limits is
// not looked at, so nothing later in it changes the reading.
func TestLongTextsAreCut(t *testing.T) {
	p := parser(t)
	head := strings.Repeat("la ", 3000)
	short, long := p.Understand(nlp.Utterance{Text: head}), p.Understand(nlp.Utterance{Text: head + "Wanted: a lend of a drill"})
	if short != long {
		t.Errorf("%+v became %+v", short, long)
	}
}

// A mention whose offsets don't fit the text is ignored, and one that does is used,
// also behind characters that take two UTF-16 units.
func TestMentionOffsets(t *testing.T) {
	p := parser(t)
	for _, start := range []int{-5, 1, 3, 1 << 40} {
		u := nlp.Utterance{Text: "👍 \uFFFC did 2 hours of weeding for me", Direct: true, Mentions: []nlp.Mention{{Name: "Una Ní Bhriain", Start: start, Length: 1}}}
		r := p.Understand(u)
		if want := start == 3; (r.Slots.Provider == "Una Ní Bhriain") != want {
			t.Errorf("start %d: %+v", start, r)
		}
	}
}

// BenchmarkUnderstand reads the development set again and again. The median counts: a few
// long messages take many times as long as most.
func BenchmarkUnderstand(b *testing.B) {
	p := parser(b)
	var us []nlp.Utterance
	for _, e := range jsonExamples(b, "testdata/dev.jsonl") {
		us = append(us, e.utterance())
	}
	took := make([]time.Duration, 0, len(us))
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		p.Understand(us[i%len(us)])
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/float64(time.Microsecond), "median-us")
}

func BenchmarkUnderstandWorst(b *testing.B) {
	p := parser(b)
	ms := make([]nlp.Mention, 5000)
	for i := range ms {
		ms[i] = nlp.Mention{Name: "Maria", Start: i, Length: 1}
	}
	for _, text := range awkward() {
		name := text
		if len(name) > 12 {
			name = name[:12]
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.Understand(nlp.Utterance{Text: text, Mentions: ms, Direct: true})
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		parser(b)
	}
}
