package nlp

import (
	"communityconnect/nlp/lexicon"
	"communityconnect/nlp/linear"
)

// Untaught is a parser that has learnt nothing yet; it only shows features.
func Untaught(lex *lexicon.Lexicon) (*Parser, error) {
	g, err := loadGrammar()
	return &Parser{grammar: g, lexicon: lex}, err
}

// Features are the names of what the classifier sees of an utterance, each once.
func (p *Parser) Features(u Utterance) []string {
	return linear.Names(p.scene(&u).features)
}

// Cued is what the rules alone make of an utterance as a post.
func (p *Parser) Cued(u Utterance) (Intent, float64) {
	s := p.scene(&u)
	c := s.cuedPost()
	return c.intent, c.confidence
}

// KindFeatures are the names of what the classifier sees of a post when it asks for its
// category, each once.
func (p *Parser) KindFeatures(u Utterance, intent Intent) []string {
	s := p.scene(&u)
	ruled := s.ruledKind(intent, s.cuedPost().leadTo(intent))
	return linear.Names(func(visit linear.Visit) { s.kindFeatures(visit, intent, ruled) })
}

// With is the parser with other tables for its classifier; nil leaves one as it is.
func (p *Parser) With(posts, kinds, turns *linear.Model) *Parser {
	other, c := *p, *p.learnt
	if posts != nil {
		c.posts = posts
	}
	if kinds != nil {
		c.kinds = kinds
	}
	if turns != nil {
		c.turns = turns
	}
	other.learnt = &c
	return &other
}
