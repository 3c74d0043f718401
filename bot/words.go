package bot

import (
	"regexp"
	"slices"
	"strings"
)

// The words of short answers. A yes moves credits, so it is a closed form: every word of
// the message has to be one of these, and one of them a yes. "Absolutely not", "fine, but
// it wasn't 2h" and "ok, who is Ann?" are none.
var (
	yesWords = []string{"yes", "y", "yep", "yeah", "yea", "yup", "aye", "ok", "okay", "k", "sure", "correct", "right", "confirm", "confirmed", "agreed",
		"perfect", "grand", "fine", "true", "exactly", "absolutely", "definitely", "deffo", "ahead", "good", "on", "course", "do"}
	yesFillers = []string{"that's", "thats", "that", "is", "it's", "its", "it", "was", "all", "of", "spot", "go", "looks", "sounds", "to", "me", "thanks", "thank",
		"you", "cheers", "ta", "please", "very", "much", "so", "a", "lot", "million", "indeed", "and", "did", "totally", "quite", "bot", "mate", "happened"}

	noWords = []string{"no", "n", "nope", "nah", "wrong", "incorrect", "decline", "declined"}
	noLines = []string{"that's wrong", "thats wrong", "that is wrong", "that's not right", "thats not right", "that is not right", "not right", "not true",
		"didn't happen", "did not happen", "it didn't happen", "that didn't happen", "never happened", "that never happened", "absolutely not", "definitely not",
		"of course not", "no way", "certainly not", "not at all", "i don't think so", "don't think so"}
	// denialOpeners may open a sentence that denies a trade or puts it right: "he only stayed an hour".
	denialOpeners = []string{"he", "she", "we", "they", "you", "that's", "thats", "not", "never", "didn't", "don't", "nothing", "nobody", "there"}
	// softNo are words after which a no is none: "no problem", "no rush", "wrong chat".
	softNo = []string{"problem", "problems", "bother", "rush", "worries", "worry", "hurry", "idea", "clue", "wait", "harm", "thanks", "chat", "group", "matter", "stress", "and", "yes"}

	// amendFillers may stand around another amount: "no, it was only 1h I think".
	amendFillers = []string{"it", "was", "only", "just", "about", "more", "like", "i", "think", "make", "it's", "its", "that", "say", "should", "be", "is", "for",
		"really", "rather", "sorry", "please", "thanks", "took", "in", "total", "altogether", "nearer", "closer", "to", "call", "actually", "but", "would", "have", "been", "said", "well"}
	amountWords = []string{"h", "hr", "hrs", "hour", "hours", "m", "min", "mins", "minute", "minutes", "credit", "credits", "half", "quarter", "quarters",
		"a", "an", "and", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "couple", "of"}
	amountFigure = regexp.MustCompile(`^\d+([.,:]\d+)?(h|hrs?|hours?|m|mins?|minutes?)?(\d+m?)?$|^\d*[¼½¾](h|hrs?|hours?)?$`)

	canLines = []string{"i can do that", "i can help", "i can", "i could do that", "i could help", "i'll do it", "ill do it", "i will do it", "me", "count me in",
		"happy to help", "i'd like that", "i'll take it", "i'll take one", "i'll take some"}
	cantLines = []string{"can't now", "cant now", "i can't now", "can't after all", "i can't after all", "can't do it", "i can't do it", "i can't make it",
		"can't make it", "sorry, can't", "sorry can't now", "sorry, can't now", "have to pull out", "i have to pull out"}
)

// wordsAnswer reads what was typed in answer to the bot.
func wordsAnswer(text string) answer {
	a := answer{text: text, typed: true}
	if e := reactionAnswer(strings.TrimSpace(text)); e.kind != unclear {
		e.typed = true
		return e
	}
	plain := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), "’", "'"))
	line := strings.TrimRight(plain, " .!")
	words := answerWords(plain)
	switch {
	case len(words) == 0 || strings.Contains(plain, "?"):
		return a
	case slices.Contains(canLines, line):
		a.kind = canHelp
		return a
	case slices.Contains(cantLines, line):
		a.kind, a.taken = canHelp, true
		return a
	case allIn(words, yesWords, yesFillers) && anyIn(words, yesWords) && !slices.Equal(words, []string{"thank", "you"}):
		a.kind = yes
		return a
	}
	if m, ok := findAmount(plain); ok && amends(words) {
		a.kind, a.minutes, a.negated = amount, m, slices.Contains(noWords, words[0])
		return a
	}
	for _, denial := range noLines {
		if rest, found := strings.CutPrefix(line, denial); found && (rest == "" || strings.ContainsAny(rest[:1], " ,.;:!")) {
			a.kind, a.text = no, originalTail(text, strings.TrimLeft(rest, " ,.;:-–!"))
			return a
		}
	}
	if slices.Contains(noWords, words[0]) && !(len(words) > 1 && amends(words)) && (len(words) == 1 || !slices.Contains(softNo, words[1])) {
		_, rest := nextWord(plain)
		a.kind, a.text = no, originalTail(text, strings.TrimLeft(rest, ",.;:-– "))
	}
	return a
}

// answerWords splits an answer into its words, without what stands around them.
func answerWords(plain string) []string {
	var words []string
	for _, w := range strings.Fields(strings.NewReplacer(",", " , ", ";", " ", "…", " ").Replace(strings.ReplaceAll(plain, "1,5", "1.5"))) {
		if w = strings.Trim(w, ".,!:\"“”()–✅👍😊🙂"); w != "" {
			words = append(words, w)
		}
	}
	return words
}

func allIn(words []string, lists ...[]string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(lists, func(list []string) bool { return slices.Contains(list, w) }) {
			return false
		}
	}
	return true
}

func anyIn(words []string, list []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
}

// amends reports whether the words hold nothing but an amount and what may stand around
// it: no other person, no question, no "less than" and no "not".
func amends(words []string) bool {
	for _, w := range words {
		if !amountFigure.MatchString(w) && !allIn([]string{w}, amountWords, amendFillers, noWords, yesWords) {
			return false
		}
	}
	return true
}

// originalTail gives the end of text as it was typed, which lower-casing has lost.
func originalTail(text, lowered string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "’", "'"))
	text = strings.TrimRight(text, " .!")
	lowered = strings.TrimRight(lowered, " .!")
	if len(lowered) <= len(text) && strings.EqualFold(text[len(text)-len(lowered):], lowered) {
		return text[len(text)-len(lowered):]
	}
	return lowered
}
