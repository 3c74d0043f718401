package nlp

import (
	"embed"
	"fmt"
	"math"
	"slices"

	"communityconnect/nlp/lexicon"
	"communityconnect/nlp/linear"
)

// The classifier is a second opinion on what the rules make of a message: the rules know
// how people ask, offer and report, it knows in what company those words stand in labelled
// messages. Alone neither is good enough; what both find is.

//go:embed learnt/*.txt
var learnt embed.FS

// classifier is what was learnt.
type classifier struct {
	posts *linear.Model // whether a text is a post or a report of help, and who gives; see opinion
	kinds *linear.Model // of what category a post is
	turns *linear.Model // what is meant where only a few things can be; see turn
}

// opinions are the questions of the table of posts, in their order.
func opinions() []string { return []string{"post", "offer", "trade", "gave", "thanks"} }

func loadClassifier() (*classifier, error) {
	c := &classifier{}
	for name, into := range map[string]**linear.Model{"posts": &c.posts, "kinds": &c.kinds, "turns": &c.turns} {
		m, err := readLearnt(name)
		if err != nil {
			return nil, err
		}
		*into = m
	}
	if got := c.posts.Questions(); !slices.Equal(got, opinions()) {
		return nil, fmt.Errorf("learnt/posts.txt answers %q, and not %q", got, opinions())
	}
	if err := checkTurns(c.turns.Questions()); err != nil {
		return nil, err
	}
	if got := c.kinds.Questions(); !slices.Equal(got, lexicon.Categories()) {
		return nil, fmt.Errorf("learnt/kinds.txt answers %q, and not %q", got, lexicon.Categories())
	}
	return c, nil
}

func readLearnt(name string) (*linear.Model, error) {
	f, err := learnt.Open("learnt/" + name + ".txt")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := linear.Read(f)
	if err != nil {
		return nil, fmt.Errorf("learnt/%s.txt: %w; go test ./nlp -run Learnt -update writes it anew", name, err)
	}
	return m, nil
}

// opinion is what the classifier thinks of a text. All are logarithms of odds.
type opinion struct {
	post   float64 // that it is an offer or request to everybody
	offer  float64 // that it is an offer, if it is one of the two
	trade  float64 // that it is a report of help
	gave   float64 // that the sender gave, if it is one they had a part in
	thanks float64 // that it thanks somebody for help
}

// opinion asks the classifier, once.
func (s *scene) opinion() opinion {
	if s.thought == nil {
		odds := s.learnt.posts.Ask(s.features)
		s.thought = &opinion{odds[0], odds[1], odds[2], odds[3], odds[4]}
	}
	return *s.thought
}

// favours is how much the opinion is for one of the two, given that it is a post.
func (o opinion) favours(i Intent) float64 {
	if i == Offer {
		return o.offer
	}
	return -o.offer
}

// cued is what the rules make of a post.
type cued struct {
	intent         Intent
	confidence     float64
	lead           hit // the cue that settled it
	request, offer hit // the leading cues of each kind, if there are any
}

// leadTo is the cue that leads to an intent; where there is none, the one that settled it.
func (c cued) leadTo(intent Intent) hit {
	switch {
	case intent == Offer && c.intent != Offer && c.offer.end > 0:
		return c.offer
	case intent == Request && c.intent != Request && c.request.end > 0:
		return c.request
	}
	return c.lead
}

// scales weigh what speaks for a post. They were fitted to 8,599 messages that neither the
// rules nor the classifier had seen, many of them near misses, with a false alarm counted
// twice and a post turned round three times. For posts with cues the doubt was raised by
// hand since, from 4.72: silence comes first.
type scales struct {
	rules     float64 // for the confidence of the rules, as far as it is needed to act
	post      float64 // for the odds of a post
	direction float64 // for the odds of who gives
	turned    float64 // against them where they go against the rules
	doubt     float64 // against all
}

func cuedScales() scales {
	return scales{rules: 3.84, post: 0.37, direction: 0.88, turned: 0.84, doubt: 4.9}
}
func uncuedScales() scales { return scales{post: 0.44, direction: 0.7, doubt: 3.49} }

const (
	plainDirection = 3   // to be surer of who gives is no better
	otherDirection = 1.5 // odds from which the classifier is believed against the rules
)

// confidence is the probability that a text is a post of the given kind.
func (w scales) confidence(rules cued, o opinion, i Intent) float64 {
	odds := w.rules*min(rules.confidence, SureInGroup) + w.post*o.post + w.direction*min(o.favours(i), plainDirection) - w.doubt
	if rules.intent != None && rules.intent != i {
		odds -= w.turned
	}
	return probability(odds)
}

// post reads an offer or a request: by its cues, and by what the classifier knows of the
// company they are in. Where it is sure who gives it is believed against the cues, for
// then it is rarely wrong.
func (s *scene) post() (Reading, bool) {
	c := s.cuedPost()
	if c.intent == None || c.confidence < UnsureFrom {
		return Reading{}, false
	}
	o := s.opinion()
	r := Reading{Intent: c.intent, Confidence: c.confidence}
	notice := s.notice()
	if !notice && o.favours(r.Intent) < -otherDirection {
		r.Intent = otherWay(r.Intent)
	}
	if !s.direct && !notice { // what is said to the bot needs no proof that it is meant for it
		r.Confidence = cuedScales().confidence(c, o, r.Intent)
	}
	r.Slots = s.postSlots(r.Intent, c.leadTo(r.Intent))
	return r, r.Confidence >= UnsureFrom
}

// longestNotice is how many words a small ad has at most that is believed as it stands.
const longestNotice = 6

// notice reports whether the whole text is a small ad: "ISO high chair". It has next to no
// words that the classifier could know it by, and jokes need more of them.
func (s *scene) notice() bool {
	return len(s.words) <= longestNotice && s.has("request.headline", "offer.headline")
}

// uncued reads a post that the rules don't find or leave alone, if it is plainly like one,
// costs nothing and isn't said to one person.
func (s *scene) uncued() (Reading, bool) {
	if len(s.words) == 0 {
		return Reading{}, false
	}
	o := s.opinion()
	r := Reading{Intent: Request}
	if o.offer > 0 {
		r.Intent = Offer
	}
	r.Confidence = uncuedScales().confidence(cued{intent: None}, o, r.Intent)
	if r.Confidence < UnsureInGroup || s.mocks() || s.aboutMoney() || s.words[0].kind == mention {
		return Reading{}, false
	}
	r.Slots = s.postSlots(r.Intent, hit{})
	return r, true
}

func probability(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

func otherWay(i Intent) Intent {
	if i == Offer {
		return Request
	}
	return Offer
}
