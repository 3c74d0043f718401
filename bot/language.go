package bot

import (
	"fmt"

	"communityconnect/nlp"
	"communityconnect/nlp/lexicon"
)

// Language is what the bot needs to understand plain sentences and to match. It does
// not change, takes some milliseconds to load, and can be shared by many engines.
type Language struct {
	lexicon *lexicon.Lexicon
	parser  *nlp.Parser
}

// LoadLanguage reads the lexicon and the grammar that are part of the program. An error
// names the file and line of the rule that is wrong.
func LoadLanguage() (*Language, error) {
	lex, err := lexicon.Load()
	if err != nil {
		return nil, fmt.Errorf("load the lexicon: %w", err)
	}
	parser, err := nlp.New(lex)
	if err != nil {
		return nil, fmt.Errorf("load the grammar: %w", err)
	}
	return &Language{lexicon: lex, parser: parser}, nil
}

// Parser reads plain sentences.
func (l *Language) Parser() *nlp.Parser { return l.parser }
