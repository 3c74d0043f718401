package chat

import "strings"

// PlainEmoji takes away from an emoji what does not change what a reaction means: skin
// tones, the wish for a coloured or a plain glyph (variation selectors), and the gender
// sign that phones add to people (the raised hand of a woman and of a man is one raised
// hand). Two reactions mean the same if their plain emoji are equal.
func PlainEmoji(s string) string {
	if !strings.ContainsFunc(s, isDressing) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	joined := false // a joiner is waiting for what it joins
	for _, r := range s {
		switch {
		case isDressing(r) && r != joiner:
			if r == '♀' || r == '♂' {
				if !joined {
					b.WriteRune(r) // the sign itself, not a part of somebody
				}
				joined = false
			}
		case r == joiner:
			joined = true
		default:
			if joined {
				b.WriteRune(joiner)
				joined = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

const joiner = '\u200d'

// isDressing reports whether the rune only dresses up the emoji that it stands by.
func isDressing(r rune) bool {
	switch {
	case r >= '\U0001f3fb' && r <= '\U0001f3ff': // skin tones
		return true
	case r == '\ufe0e' || r == '\ufe0f': // variation selectors
		return true
	case r == '♀' || r == '♂' || r == joiner:
		return true
	}
	return false
}
