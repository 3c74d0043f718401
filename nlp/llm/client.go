package llm

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	openai "github.com/sashabaranov/go-openai"
	"golang.org/x/text/unicode/norm"

	"communityconnect/nlp"
)

// Options are what a client is made of. Only BaseURL, Model and Parser are needed.
type Options struct {
	BaseURL string // of an OpenAI-compatible interface, such as http://127.0.0.1:11434/v1
	Model   string
	Key     string // "" for servers that want none
	Parser  *nlp.Parser

	// Fold is the form in which two names are the same; by default lower case without accents.
	Fold func(string) string
	// Hide are further names that must not leave, such as the community's.
	Hide []string

	Timeout   time.Duration     // of one request; 0 is 20 s, and a minute for a model on this machine
	Waiting   int               // how many guesses may wait for one that is under way; 0 is 3
	Budget    Budget            // of a day; zero is DefaultBudget
	Now       func() time.Time  // nil is time.Now
	Transport http.RoundTripper // nil is a plain one
}

const (
	defaultTimeout = 20 * time.Second
	timeoutHere    = time.Minute // a small computer takes its time
	defaultWaiting = 3
)

// Client asks one model. It may be used from many goroutines.
type Client struct {
	api     *openai.Client
	model   string
	parser  *nlp.Parser
	fold    func(string) string
	hide    []string
	where   *url.URL
	timeout time.Duration
	now     func() time.Time

	line chan struct{} // a place for everybody who waits, and for who is being served
	turn chan struct{} // the one request that may be under way

	mu       sync.Mutex
	spending spending
	breaker  breaker
}

// New prepares a client; it asks nobody yet. An error says what is wrong with the options.
func New(o Options) (*Client, error) {
	where, err := checkURL(o.BaseURL)
	switch {
	case err != nil:
		return nil, err
	case o.Model == "":
		return nil, errors.New("the language model has no name; write its model in the config, as the server calls it")
	case o.Parser == nil:
		return nil, errors.New("a language model needs the parser to check what it says")
	}
	timeout := defaultTimeout
	if here(where.Hostname()) {
		timeout = timeoutHere
	}
	c := &Client{
		model: o.Model, parser: o.Parser, fold: o.Fold, hide: o.Hide, where: where, now: o.Now,
		timeout: cmp.Or(o.Timeout, timeout), spending: spending{most: cmp.Or(o.Budget, DefaultBudget())},
		line: make(chan struct{}, 1+cmp.Or(o.Waiting, defaultWaiting)), turn: make(chan struct{}, 1),
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.fold == nil {
		c.fold = plainFold
	}
	next := o.Transport
	if next == nil {
		plain := http.DefaultTransport.(*http.Transport).Clone()
		if where.Scheme == "http" {
			plain.Proxy = nil // what is not encrypted takes no way round
		}
		next = plain
	}
	config := openai.DefaultConfig(o.Key)
	config.BaseURL = strings.TrimRight(o.BaseURL, "/")
	config.HTTPClient = &http.Client{
		Transport:     limited{next: next, now: c.now},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a message goes where it was meant to
	}
	c.api = openai.NewClientWithConfig(config)
	return c, nil
}

// plainFold is lower case without accents.
func plainFold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Cf) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKD.String(s)))
}

// Where is the host that messages go to; "" for this machine.
func (c *Client) Where() string {
	if here(c.where.Hostname()) {
		return ""
	}
	return c.where.Hostname()
}

// The shortest and longest message worth a question, in words.
const (
	fewestWords = 3
	mostWords   = 60
)

// Worth reports whether a message that the rules read as r is worth asking about. It is
// cheap, and it keeps chatter at home: in the group only what speaks of an amount or of
// neighbours' help and names somebody, or what is said to the bot.
func (c *Client) Worth(u nlp.Utterance, r nlp.Reading) bool {
	words := len(strings.Fields(u.Text))
	if r.Outcome == nlp.Sure || words < fewestWords || words > mostWords || len(u.Text) > maxText {
		return false
	}
	if u.ReplyTo != nil && (u.ReplyTo.Kind == nlp.QuotedPrompt || u.ReplyTo.Kind == nlp.QuotedDigest) {
		return false // an answer to the bot, which has been understood or not
	}
	t := c.parser.Traces(u)
	switch {
	case t.Aside:
		return false
	case u.Direct || t.Addressed:
		return true
	}
	return t.People && (t.Work || len(t.Amounts) > 0)
}

// Guess asks the model what a message means. The reading is nlp.None where the model sees
// nothing for us, and else nlp.Unsure. An error is an *Error, and then there is no reading.
func (c *Client) Guess(ctx context.Context, u nlp.Utterance) (nlp.Reading, error) {
	none := nlp.Reading{Intent: nlp.None}
	select {
	case c.line <- struct{}{}:
		defer func() { <-c.line }()
	default:
		return none, &Error{Code: Busy}
	}
	m, ok := c.mask(u)
	if !ok {
		return none, &Error{Code: TooMuch}
	}
	t := c.parser.Traces(u)
	can := choices{masked: m, intents: group(), amounts: t.Amounts}
	if u.Direct || t.Addressed {
		can.intents = direct()
	}
	request, err := c.request(u, can)
	if err != nil {
		return none, &Error{Code: TooMuch}
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return none, &Error{Code: Stopped}
	}
	said, fault := c.ask(ctx, request)
	if fault != nil {
		return none, fault
	}
	a, fault := decode(said)
	if fault != nil {
		return none, fault
	}
	r, fault := can.reading(a)
	if fault != nil {
		return none, fault
	}
	return r, nil
}

// ask sends a request, if the day and the server allow it.
func (c *Client) ask(ctx context.Context, r openai.ChatCompletionRequest) (string, *Error) {
	reserved := cost(r)
	if fault := c.begin(reserved); fault != nil {
		return "", fault
	}
	asking, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	asking, note := withNote(asking)
	answer, err := c.api.CreateChatCompletion(asking, r)
	if ctx.Err() != nil {
		return "", &Error{Code: Stopped}
	}
	c.end(reserved, answer.Usage.TotalTokens, err, note)
	if err != nil {
		code := Unreachable
		if note.status >= 400 && note.status < 500 {
			code = Refused
		}
		return "", &Error{Code: code, Status: note.status}
	}
	return content(answer)
}

// bytesPerToken is a cautious guess: more bytes make a token in most languages.
const bytesPerToken = 3

// cost is the most tokens that a request may take.
func cost(r openai.ChatCompletionRequest) int {
	bytes := 0
	for _, m := range r.Messages {
		bytes += len(m.Content)
	}
	if schema, err := r.ResponseFormat.JSONSchema.Schema.MarshalJSON(); err == nil {
		bytes += len(schema)
	}
	return bytes/bytesPerToken + max(maxAnswer, r.MaxCompletionTokens)
}

func (c *Client) begin(tokens int) *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch now := c.now(); {
	case c.breaker.open(now):
		return &Error{Code: Resting}
	case !c.spending.reserve(now, tokens):
		return &Error{Code: OverBudget}
	}
	return nil
}

// end notes what a request has cost, and whether the server is well. What a model says
// is no failure of the server: nobody may shut it by what they write.
func (c *Client) end(reserved, used int, err error, note *noted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
	case note.status == http.StatusBadRequest || note.status == http.StatusRequestEntityTooLarge || note.status == http.StatusUnprocessableEntity:
		return // it is this message that the server won't have
	default:
		c.breaker.failed(c.now(), note.pause)
		return
	}
	c.breaker.succeeded()
	c.spending.settle(reserved, used)
}
