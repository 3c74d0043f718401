package nlp

// guess reads a question or an order to the bot that no cue fits, by the words that its
// few subjects bring with them. It is never sure: the bot asks back.
func (s *scene) guess() (Reading, bool) {
	if len(s.words) == 0 || !s.asksTheBot() {
		return Reading{}, false
	}
	own := s.speaksOfMe()
	var credit, trade, post, board, mark float64
	for i, w := range s.words {
		switch w.folded {
		case "credit", "credits", "balance", "account", "owe", "debt", "tally", "overdrawn":
			credit++
		case "hours", "left", "owed":
			credit += 0.5
		case "trade", "trades", "exchange", "exchanges", "history", "traded", "helped", "transactions", "swaps":
			trade++
		case "done", "given", "earned", "received", "did", "got", "gave", "last", "spent":
			trade += 0.5
		case "posts", "posted", "listing", "listings", "advertised":
			post++
		case "up":
			post += 0.5
		case "offers", "requests", "offer", "request":
			post += 0.5
			board += 0.5
		case "board", "available", "needed", "need", "going", "wanted", "new", "people":
			board += 0.5
		case "how", "rules", "happens", "mean", "explain", "works", "work", "bot", "timebank", "scheme":
			mark += 0.5
		}
		if s.persons[i] > i {
			trade += 0.25
		}
	}
	if !own {
		credit, trade, post = credit*0.6, trade*0.8, post*0.3
	} else {
		board *= 0.5
	}
	best, intent := 0.45, None
	for _, g := range []struct {
		intent Intent
		points float64
	}{{Balance, credit}, {History, trade}, {MyPosts, post}, {Browse, board}, {Help, mark}} {
		if g.points > best {
			best, intent = g.points, g.intent
		}
	}
	if intent == None {
		return Reading{}, false
	}
	r := Reading{Intent: intent, Confidence: 0.4}
	switch intent {
	case History:
		r.Slots.Period = s.when()
		r.Slots.With, _ = s.someone(0)
	case Browse:
		r.Slots = s.querySlots(hit{})
	case Help:
		r.Slots.Topic = s.gist(0, len(s.words))
	}
	return r, true
}

// asksTheBot reports whether a text is a question, or an order to show something.
func (s *scene) asksTheBot() bool {
	if s.asks() {
		return true
	}
	r := reader{s.words}
	for i := range s.words {
		if !s.starts[i] {
			continue
		}
		if r.is(i, "show", "list", "check", "give", "tell", "see", "let", "get", "view", "find", "am", "do", "does", "is", "are", "have", "can", "could", "trades", "balance") {
			return true
		}
	}
	return false
}
