package nlp

import (
	"strings"

	"communityconnect/nlp/lexicon"
)

// Parser understands utterances by rules. It doesn't change after New and may be used
// from many goroutines.
type Parser struct {
	grammar *grammar
	lexicon *lexicon.Lexicon
	learnt  *classifier
}

// New compiles the rules. An error names the file and line of the rule that is wrong.
func New(lex *lexicon.Lexicon) (*Parser, error) {
	g, err := loadGrammar()
	if err != nil {
		return nil, err
	}
	c, err := loadClassifier()
	if err != nil {
		return nil, err
	}
	return &Parser{grammar: g, lexicon: lex, learnt: c}, nil
}

// scene is one utterance being understood.
type scene struct {
	*phrase
	u       *Utterance
	g       *grammar
	cues    *found
	lexicon *lexicon.Lexicon
	learnt  *classifier
	direct  bool // meant for the bot: a direct message, or the bot is addressed

	things  []lexicon.Hit // what the text speaks of; see about
	looked  bool
	thought *opinion // see opinion
}

// Understand says what an utterance means for the time bank. It is deterministic, keeps
// nothing, and takes any input: text it can't read is not for us.
func (p *Parser) Understand(u Utterance) Reading {
	s := p.scene(&u)
	if len(s.words) == 0 && len(s.marks) == 0 || s.aside() {
		return nothing()
	}
	r := s.understand()
	threshold := SureInGroup
	if s.direct || u.ReplyTo != nil && u.ReplyTo.Bot {
		threshold = SureDirect
	}
	switch {
	case r.Intent == None || r.Confidence < UnsureFrom:
		return nothing()
	case r.Confidence >= threshold:
		r.Outcome = Sure
	case s.direct, s.mayConcernUs(r):
		r.Outcome = Unsure
	default:
		return nothing()
	}
	return r
}

// When returns the words of a text in which a time is said, whatever the text is otherwise:
// "Saturday at 3pm" of "A sofa to be moved on Saturday at 3pm". It is "" if there are none.
func (p *Parser) When(text string) string {
	s := p.scene(&Utterance{Text: text, Direct: true})
	if len(s.words) == 0 {
		return ""
	}
	return s.when()
}

// mayConcernUs reports whether an offer or request in the group, too weak to act on, is
// worth a question to its author in private: it speaks of something neighbours do, or to
// everybody, and not the way friends text each other.
func (s *scene) mayConcernUs(r Reading) bool {
	if r.Intent != Offer && r.Intent != Request || r.Confidence < UnsureInGroup || s.u.ReplyTo != nil || len(s.words) <= 4 {
		return false
	}
	if s.short || s.has("texting", "give.you", "past.story") || s.has("directed") && !s.has("give.if", "get.if") {
		return false
	}
	return s.aboutAll() >= 2 || s.has("give.asked", "get.asked", "give.ad", "get.ad", "give.stands", "get.stands", "give.if", "get.if", "request.person", "offer.work", "audience")
}

// Category returns what kind of help a text is about that is known to be an offer or a
// request. It is the category that Understand gives one of that kind.
func (p *Parser) Category(intent Intent, text string) string {
	s := p.scene(&Utterance{Text: text, Direct: true})
	if len(s.words) == 0 {
		return lexicon.Other
	}
	return s.kindOf(intent, s.cuedPost().leadTo(intent))
}

func nothing() Reading { return Reading{Intent: None, Outcome: NotForUs} }

func (p *Parser) scene(u *Utterance) *scene {
	ph := p.grammar.read(*u)
	r := reader{ph.words}
	ph.didAt = make([]bool, len(ph.words))
	ph.taskAt = make([]bool, len(ph.words))
	for i := range ph.words {
		ph.didAt[i] = ph.pastAt(p.grammar, i)
		ph.taskAt[i] = p.grammar.tasks[ph.words[i].folded]
	}
	ph.people(p.grammar, u.Sender, u.Direct)
	ph.amounts = r.amounts()
	for _, a := range ph.amounts {
		if a.minutes > 0 {
			ph.amountAt[a.start] = a.end
		}
	}
	ph.whens = r.whens()
	for _, w := range ph.whens {
		ph.whenAt[w.start] = w.end
	}
	s := &scene{phrase: ph, u: u, g: p.grammar, lexicon: p.lexicon, learnt: p.learnt, direct: u.Direct}
	for i := range ph.words {
		s.direct = s.direct || ph.bot(i)
	}
	s.cues = p.grammar.find(ph)
	return s
}

// aside reports whether the text is somebody else's words, or a command: those have a
// grammar of their own.
func (s *scene) aside() bool {
	t := strings.TrimSpace(s.text)
	if t == "" {
		return true
	}
	if t[0] == '>' || t[0] == '/' || strings.HasPrefix(t, "“") || t[0] == '"' {
		return true
	}
	low := fold(t[:min(len(t), 24)])
	for _, lead := range []string{"fwd", "forwarded", "fw:", "quote:", "from the "} {
		if strings.HasPrefix(low, lead) {
			return true
		}
	}
	return strings.Count(t, "\"") >= 2 && strings.Index(t, "\"") < len(t)/2 && len(s.words) > 4 && !s.direct || strings.Count(t, "“") >= 1 && !s.direct
}

func (s *scene) has(names ...string) bool {
	for _, n := range names {
		if id, ok := s.g.cues[n]; ok && s.cues.has(id) {
			return true
		}
	}
	return false
}

func (s *scene) hit(names ...string) (hit, bool) {
	for _, h := range s.cues.hits {
		for _, n := range names {
			if s.g.cues[n] == h.cue {
				return h, true
			}
		}
	}
	return hit{}, false
}

// longest is the hit of a cue that takes in most words.
func (s *scene) longest(names ...string) (hit, bool) {
	best, ok := hit{}, false
	for _, h := range s.cues.hits {
		for _, n := range names {
			if s.g.cues[n] == h.cue && (!ok || h.end-h.start > best.end-best.start) {
				best, ok = h, true
			}
		}
	}
	return best, ok
}

// look finds out what the text speaks of.
func (s *scene) look() {
	if !s.looked {
		s.looked = true
		s.things = s.lexicon.Concepts(s.text)
	}
}

// about is how plainly the words from i to before j speak of something neighbours do for
// each other, from 0 to 3.
func (s *scene) about(i, j int) float64 {
	s.look()
	if i >= j {
		return 0
	}
	from, to := s.words[i].start, s.words[j-1].end
	best, sum := 0.0, 0.0
	for _, h := range s.things {
		if h.Category != "" && h.Start >= from && h.End <= to {
			best = max(best, h.Weight)
			sum += h.Weight
		}
	}
	return min(max(best, sum*0.75), 3)
}

// aboutAll is about for the whole text.
func (s *scene) aboutAll() float64 { return s.about(0, len(s.words)) }

// category is what kind of help the text is about.
func (s *scene) category() string {
	c, _ := s.lexicon.Category(s.text)
	return c
}

func (s *scene) understand() Reading {
	if q := s.u.ReplyTo; q != nil {
		switch {
		case q.Kind == QuotedPrompt:
			return s.weigh(toPrompt, s.answer(q))
		case q.Kind == QuotedDigest:
			return s.digest()
		case (q.Kind == QuotedOffer || q.Kind == QuotedRequest) && q.Self:
			return s.orToBot(s.weigh(toOwn, s.ownPost(q)))
		case q.Kind == QuotedOffer || q.Kind == QuotedRequest:
			return s.orToBot(s.weigh(toTheirs, s.toPost(q)))
		case q.Kind == QuotedChatter && !s.direct:
			r := s.inGroup()
			r.Confidence -= 0.15 // talk goes on between the two
			return r
		}
	}
	if s.direct {
		return s.toBot()
	}
	return s.inGroup()
}

// orToBot takes what a reply doesn't say about the post for what is said to the bot, where
// that is meant.
func (s *scene) orToBot(r Reading) Reading {
	if r.Intent == None && s.direct {
		return s.toBot()
	}
	return r
}

// inGroup reads what is said to everybody. The bot was not asked, so only what plainly
// offers, asks, reports or thanks counts.
func (s *scene) inGroup() Reading {
	for _, read := range []func() (Reading, bool){
		s.vouch, s.trade, s.numbered, s.thanks, s.whoCan, s.post, s.answersNeed, s.untoldTrade, s.uncued, s.untoldThanks,
	} {
		if r, ok := read(); ok {
			return r
		}
	}
	return nothing()
}

// toBot reads what is said to the bot. What is nothing else may still be like a post.
func (s *scene) toBot() Reading {
	r := s.weigh(toTheBot, s.ruled())
	if r.Intent != None {
		return r
	}
	if post, ok := s.uncued(); ok {
		post.Confidence = guessed
		return post
	}
	return r
}

// ruled is what the rules alone make of what is said to the bot.
func (s *scene) ruled() Reading {
	for _, read := range []func() (Reading, bool){
		s.settled, s.vouch, s.dispute, s.ask, s.trade, s.lookUp, s.numbered, s.passedOn, s.post, s.pastHelp, s.thanks, s.wants, s.bare,
	} {
		if r, ok := read(); ok {
			return r
		}
	}
	return nothing()
}
