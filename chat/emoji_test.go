package chat_test

import (
	"testing"

	"communityconnect/chat"
)

// A reaction means the same whatever hand, colour or glyph the phone gives it.
func TestPlainEmoji(t *testing.T) {
	same := [][]string{
		{"👍", "👍🏻", "👍🏼", "👍🏽", "👍🏾", "👍🏿"},
		{"❤", "❤️", "❤︎"},
		{"✅", "✅️"},
		{"✋", "✋🏿"},
		{"🙋", "🙋🏽", "🙋‍♀️", "🙋🏻‍♂️", "🙋‍♂"},
		{"♀", "♀️"},
		{"👩‍🌾", "👩🏽‍🌾"},
		{"🏳‍🌈", "🏳️‍🌈"},
		{"yes", "yes"},
		{"", ""},
	}
	seen := map[string]string{}
	for _, group := range same {
		for _, dressed := range group {
			if got := chat.PlainEmoji(dressed); got != group[0] {
				t.Errorf("PlainEmoji(%q) = %q, want %q", dressed, got, group[0])
			}
		}
		if other, ok := seen[group[0]]; ok {
			t.Errorf("%q and %q fall together", other, group[0])
		}
		seen[group[0]] = group[0]
	}
}

// Being plain already changes nothing, whatever the bytes are.
func FuzzPlainEmoji(f *testing.F) {
	for _, s := range []string{"👍🏻", "🙋‍♀️", "\u200d", "♀\u200d", "\xff\ufe0f", "👩‍👩‍👧"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := chat.PlainEmoji(s)
		if twice := chat.PlainEmoji(once); twice != once {
			t.Errorf("PlainEmoji(%q) = %q, and of that %q", s, once, twice)
		}
		if len(once) > len(s) && len([]rune(once)) > len([]rune(s)) {
			t.Errorf("PlainEmoji(%q) = %q is longer", s, once)
		}
	})
}
