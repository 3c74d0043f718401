package console

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"communityconnect/chat"
)

// Read turns a typed line into a message. Who spoke last goes on speaking where they
// did until another name is typed. Its errors say what to type instead.
func (l *Line) Read(typed string) (chat.Message, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := strings.TrimSpace(typed)
	if head, rest, found := strings.Cut(typed, ">"); found && !strings.HasPrefix(text, ">") {
		s, isSpeaker, err := l.speakerOf(head)
		if err != nil {
			return chat.Message{}, err
		}
		if isSpeaker {
			l.speaker, text = s, strings.TrimSpace(rest)
		}
	}
	if l.speaker.person == "" {
		return chat.Message{}, fmt.Errorf("who says that? Type a name first, like: %s> hello", l.anybody())
	}
	return l.message(text)
}

// Speak makes somebody the one who speaks, and where: "ann", "ann dm".
func (l *Line) Speak(head string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok, err := l.speakerOf(head)
	if err == nil && !ok {
		err = fmt.Errorf("who is %q? There are: %s", strings.TrimSpace(head), strings.Join(l.Handles(), ", "))
	}
	if err == nil {
		l.speaker = s
	}
	return err
}

// Prompt is what stands before what is typed next.
func (l *Line) Prompt() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.speaker.person == "" {
		return "> "
	}
	return l.handle(l.speaker.person) + placeWord(l.speaker.in) + "> "
}

func placeWord(in chat.Conversation) string {
	switch {
	case in.Direct():
		return " dm"
	case in.Group == Council:
		return " council"
	}
	return ""
}

func (l *Line) anybody() string {
	if len(l.people) == 0 {
		return "ann"
	}
	return l.handle(l.people[0].ID)
}

// speakerOf reads "ann", "ann dm" or "ann council". Ok is false for something that is
// no speaker at all, such as a text with an arrow in it.
func (l *Line) speakerOf(head string) (s speaker, ok bool, err error) {
	words := strings.Fields(head)
	if len(words) == 0 || len(words) > 2 {
		return s, false, nil
	}
	id, known := l.person(words[0])
	if !known || id == Bot {
		if len(words) == 1 && strings.IndexFunc(words[0], func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' }) < 0 {
			return s, false, fmt.Errorf("who is %q? There are: %s", words[0], strings.Join(l.Handles(), ", "))
		}
		return s, false, nil
	}
	s = speaker{person: id, in: chat.Conversation{Group: Group}}
	if len(words) == 2 {
		switch strings.ToLower(words[1]) {
		case "dm":
			s.in = chat.Conversation{Person: id}
		case "council":
			s.in = chat.Conversation{Group: Council}
		case "group":
		default:
			return s, false, fmt.Errorf("%q is no place; say %s> or %s dm> or %s council>", words[1], words[0], words[0], words[0])
		}
	}
	return s, true, nil
}

// message makes the message that a text stands for.
func (l *Line) message(text string) (chat.Message, error) {
	sent := l.next()
	m := chat.Message{Kind: chat.Said, From: l.speaker.person, Sent: sent, Served: sent, In: l.speaker.in, Name: l.Name(l.speaker.person)}
	if emoji, which, removed, ok := reaction(text); ok {
		target, err := l.bots(which)
		if err != nil {
			return m, err
		}
		m.Kind = chat.Reacted
		m.Reaction = &chat.Reaction{Emoji: emoji, Target: target, Removed: removed}
		return m, nil
	}
	if rest, ok := strings.CutPrefix(text, ">>"); ok {
		which, rest := readWhich(rest)
		target, err := l.bots(which)
		if err != nil {
			return m, err
		}
		m.ReplyTo, text = &target, strings.TrimSpace(rest)
	}
	if rest, ok := strings.CutPrefix(text, "~"); ok {
		m.Original = l.own[l.speaker]
		if m.Original == 0 {
			return m, fmt.Errorf("there is nothing to edit yet")
		}
		m.Kind, text = chat.Edited, strings.TrimSpace(rest)
	} else {
		l.own[l.speaker] = sent
	}
	m.Text, m.Mentions = l.mentions(text)
	return m, nil
}

// which picks a message of the bot: the nth latest, or the latest with these words.
type which struct {
	nth   int
	words string
}

// readWhich reads 2 or "boxes" at the beginning of s: the latest, if there is neither.
func readWhich(s string) (which, string) {
	if rest, quoted := strings.CutPrefix(s, "\""); quoted {
		words, after, closed := strings.Cut(rest, "\"")
		if closed {
			return which{nth: 1, words: words}, after
		}
	}
	n, rest := leadingNumber(s)
	return which{nth: n}, rest
}

// bots finds the message of the bot that is meant, where the speaker is.
func (l *Line) bots(w which) (chat.Ref, error) {
	left := w.nth
	for i := len(l.said) - 1; i >= 0; i-- {
		if l.said[i].in != l.speaker.in || !strings.Contains(l.said[i].text, w.words) {
			continue
		}
		if left--; left <= 0 {
			return chat.Ref{Author: Bot, Sent: l.said[i].sent}, nil
		}
	}
	return chat.Ref{}, fmt.Errorf("the bot has not said that here; nothing to react or reply to")
}

// reaction reads "✅", "✅2", "✅"boxes"" or "-✅": a line that is one emoji and nothing
// else, but for which message it is put on.
func reaction(text string) (emoji string, w which, removed, ok bool) {
	text, removed = strings.CutPrefix(text, "-")
	end := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' || r == '"' })
	rest := ""
	if end >= 0 {
		text, rest = text[:end], text[end:]
	}
	if text == "" || strings.IndexFunc(text, notEmoji) >= 0 {
		return "", w, false, false
	}
	w, rest = readWhich(rest)
	return text, w, removed, rest == ""
}

// notEmoji reports whether a rune can't be part of an emoji that people react with.
func notEmoji(r rune) bool {
	return !(unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) || r == '\u200d' || r == '\ufe0f' || r == '\u2640' || r == '\u2642')
}

// leadingNumber reads a number at the beginning, 1 if there is none.
func leadingNumber(s string) (n int, rest string) {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil || n < 1 {
		n = 1
	}
	return n, s[end:]
}

// mentions turns every @name of somebody on the line into a mention.
func (l *Line) mentions(text string) (string, []chat.Mention) {
	var b strings.Builder
	var found []chat.Mention
	units := 0
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if r == '@' {
			end := 1
			for end < len(text) && (isLetter(text[end:])) {
				_, n := utf8.DecodeRuneInString(text[end:])
				end += n
			}
			if id, ok := l.person(text[1:end]); ok {
				found = append(found, chat.Mention{Person: id, Start: units, Length: 1})
				b.WriteRune('\ufffc')
				units++
				text = text[end:]
				continue
			}
		}
		b.WriteString(text[:size])
		units += utf16.RuneLen(r)
		text = text[size:]
	}
	return b.String(), found
}

func isLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || r == '\'' || r == '’'
}

// Delay makes a message look as if it had been under way for that long.
func Delay(m chat.Message, d time.Duration) chat.Message {
	m.Sent -= chat.Timestamp(d.Milliseconds())
	m.Served -= chat.Timestamp(d.Milliseconds())
	return m
}
