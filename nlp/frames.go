package nlp

// A frame joins who is meant, the sender or anybody, to a verb of wanting, having or
// doing, and so says which way help goes: "does anyone need" and "if you'd like" give,
// "does anyone have" and "if you've one" get. The frames stand in cues/frames.cues.

// giveFrames and getFrames are the frames with what they are worth; see weight.
func giveFrames() []weight {
	return []weight{{"give.asked", 4.1}, {"give.ad", 4}, {"give.stands", 4}, {"give.will", 3.5}, {"give.if", 3}}
}

func getFrames() []weight {
	return []weight{{"get.asked", 4.1}, {"get.ad", 4}, {"get.stands", 4}, {"get.if", 3.5}, {"get.want", 2.5}, {"get.fault", 2.5}, {"get.dowith", 3}}
}

// framed settles who gives by the frames alone. Of two frames that lie over each other
// the longer one counts: "does anyone have a use for" holds "does anyone have". Where
// both kinds are left, what is asked of everybody or wanted outright beats the rest.
func (s *scene) framed() (Intent, hit, bool) {
	gives, gets := s.frames(giveFrames()), s.frames(getFrames())
	give, gave := strongest(without(gives, gets))
	get, got := strongest(without(gets, gives))
	switch {
	case gave && !got:
		return Offer, give.hit, true
	case got && !gave:
		return Request, get.hit, true
	case !gave:
		return None, hit{}, false
	case give.points > get.points || give.points == get.points && give.start < get.start:
		return Offer, give.hit, true
	}
	return Request, get.hit, true
}

// frame is a cue with what it is worth where it stands.
type frame struct {
	hit
	points float64
}

func (s *scene) frames(of []weight) []frame {
	var out []frame
	for _, w := range of {
		id := s.g.cues[w.cue]
		for _, h := range s.cues.hits {
			if h.cue == id && !s.tells(w.cue, h) {
				out = append(out, frame{h, w.points})
			}
		}
	}
	return out
}

// tells reports whether a frame only tells something: a small ad's last word is a verb
// after all, "I always wanted", or a fault is not told to the bot.
func (s *scene) tells(cue string, h hit) bool {
	switch cue {
	case "get.fault":
		return !s.direct
	case "get.dowith":
		return s.has("give.dowith")
	case "give.if":
		return s.takesWhatIsGiven(h) || s.asksReader(h.start, h.end)
	}
	if cue != "get.stands" && cue != "give.stands" {
		return false
	}
	for i := h.start; i < h.end; i++ {
		switch s.words[i].folded {
		case "looking", "need", "needed", "want", "anyone", "anybody", "someone", "somebody":
			if cue == "give.stands" {
				return true // "looking for someone with tomatoes to spare"
			}
		case "i", "i'm", "im", "he's", "she's", "it's", "they're", "we're", "you", "his", "her", "he", "she", "we", "they", "it", "is", "are", "was", "were", "be", "who", "what", "that", "always", "never", "just", "only", "really", "not", "have", "has", "had", "all":
			return true
		}
	}
	return false
}

// asksReader reports whether somebody is asked to do something between two words: "if anyone
// has a drill could you drop it over".
func (s *scene) asksReader(from, to int) bool {
	r := reader{s.words}
	for i := from; i+2 < to; i++ {
		if r.is(i, "could", "can", "would", "will") && r.is(i+1, "you", "ye", "they") && (s.taskAt[i+2] || r.is(i+2, "pop", "come", "send")) {
			return true
		}
	}
	return false
}

// takesWhatIsGiven reports whether a condition is that somebody parts with a thing, and the
// sender would only come for it: "if anyone has a pram to give away I'd be happy to collect it".
func (s *scene) takesWhatIsGiven(h hit) bool {
	r := reader{s.words}
	for i := h.start; i < h.end; i++ {
		if r.is(i, "give", "spare", "lend", "rid", "throwing", "parting") {
			return s.fetches(h.end, min(h.end+2, len(s.words)))
		}
	}
	return false
}

// without leaves out the frames that a longer one of the others lies over.
func without(frames, others []frame) []frame {
	var out []frame
	for _, f := range frames {
		covered := false
		for _, o := range others {
			covered = covered || o.start <= f.start+1 && f.start < o.end && o.end-o.start > f.end-f.start
		}
		if !covered {
			out = append(out, f)
		}
	}
	return out
}

func strongest(frames []frame) (frame, bool) {
	var best frame
	for _, f := range frames {
		if f.points > best.points {
			best = f
		}
	}
	return best, len(frames) > 0
}
