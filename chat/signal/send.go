package signal

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"communityconnect/chat"
)

// textAtMost is Signal's limit for a text, in bytes; clients drop longer ones without a
// word. It belongs to the line and not to good manners: a message for a phone is much
// shorter.
const textAtMost = 64 << 10

// Send does one thing on the line and returns the message's identity. The error is a
// [*chat.SendError] that says what became of it. It takes two minutes at most.
//
// Sends run beside each other and may overtake: whoever needs an order waits for one
// before the next. Only one send of unknown outcome at a time can be told from another
// by the arrivals that follow it.
func (l *Line) Send(ctx context.Context, o chat.Outgoing) (chat.Receipt, error) {
	start := time.Now()
	receipt, err := l.send(ctx, o)
	outcome := "sent"
	var failed *chat.SendError
	if errors.As(err, &failed) {
		outcome = string(failed.Outcome)
	}
	l.meter.do(func(m *Metrics) { count(m.Sends, outcome, "other") })
	e := l.opts.Log.Info()
	if failed != nil {
		e = l.opts.Log.Warn().Str("reason", sendReason(failed.Cause))
	}
	e.Str("act", string(o.Act)).Str("outcome", outcome).Int("missed", len(receipt.Missed)).Dur("took", time.Since(start)).Msg("signal: send")
	return receipt, err
}

func (l *Line) send(ctx context.Context, o chat.Outgoing) (chat.Receipt, error) {
	method, params, err := request(o)
	if err != nil {
		return chat.Receipt{}, &chat.SendError{Outcome: chat.Never, Cause: err}
	}
	c, err := l.current()
	if err != nil {
		return chat.Receipt{}, &chat.SendError{Outcome: chat.NotSent, Cause: err}
	}
	if o.Act == chat.Add {
		if done, err := c.mayAdd(ctx, o); done || err != nil {
			return chat.Receipt{}, err
		}
	}
	atMost := sendTimeout
	if o.Act == chat.Typing {
		atMost = quickTimeout
	}
	var sent wireSent
	err = c.call(ctx, atMost, method, params, &sent)
	var refused *CallError
	if errors.As(err, &refused) {
		l.meter.do(func(m *Metrics) { count(m.Failures, refused.Code, 0) })
		sent = refused.sent()
	}
	l.results(sent.Results)
	if err != nil {
		return chat.Receipt{}, sendError(err)
	}
	if o.Act == chat.Add {
		l.keeper.groupChanged(o.To.Group) // what the bot does itself is not announced to it
	}
	return chat.Receipt{Sent: chat.Timestamp(sent.Timestamp), Missed: missed(sent.Results)}, nil
}

// results counts what became of a send for each recipient, and looks after those that an
// operator or the keeper can do something about.
func (l *Line) results(all []wireResult) {
	l.meter.do(func(m *Metrics) {
		for _, r := range all {
			count(m.Results, word(r.Type), "other")
		}
	})
	token := "" // one answer will do for all
	for _, r := range all {
		if r.Type == identityFailure {
			l.keeper.suspect(personOf(r))
		}
		if r.Token != "" {
			token = r.Token
		}
	}
	if token != "" {
		l.trouble(Trouble{Kind: Challenged, Detail: token})
	}
}

// request writes an act in signal-cli's words.
func request(o chat.Outgoing) (method string, params map[string]any, err error) {
	params = map[string]any{}
	switch {
	case o.To.Group != "" && o.To.Person != "":
		return "", nil, errors.New("a message goes to a group or to a person, not to both")
	case o.To.Group != "":
		params["groupId"] = o.To.Group
	case isACI(string(o.To.Person)):
		params["recipient"] = []chat.PersonID{o.To.Person}
	default:
		return "", nil, errors.New("a message needs a group or a person's account identifier to go to")
	}
	switch o.Act {
	case chat.Send:
		method = "send"
		err = errors.Join(say(params, o), attach(params, o.Files))
		if o.Quote != nil {
			params["quoteTimestamp"] = o.Quote.Sent
			params["quoteAuthor"] = o.Quote.Author
			params["quoteMessage"] = strings.ReplaceAll(o.QuoteText, "\ufffc", "@") // mentions are not quoted
			err = errors.Join(err, whole("a quote", o.Quote))
		}
	case chat.Edit:
		method = "send"
		err = errors.Join(say(params, o), whole("an edit", o.Target))
		if o.Target != nil {
			params["editTimestamp"] = o.Target.Sent
		}
	case chat.React:
		method = "sendReaction"
		params["emoji"] = o.Emoji
		err = whole("a reaction", o.Target)
		if o.Target != nil {
			params["targetAuthor"] = o.Target.Author
			params["targetTimestamp"] = o.Target.Sent
		}
		if o.Emoji == "" {
			err = errors.New("a reaction needs an emoji")
		}
	case chat.Add:
		method = "updateGroup"
		params["member"] = o.Add
		if o.To.Group == "" || len(o.Add) == 0 || slices.ContainsFunc(o.Add, func(p chat.PersonID) bool { return !isACI(string(p)) }) {
			err = errors.New("people are added to a group, by their account identifiers")
		}
	case chat.Typing:
		method = "sendTyping"
	default:
		err = fmt.Errorf("the line does not know the act %q", o.Act)
	}
	return method, params, err
}

// say puts text and mentions into a call.
func say(params map[string]any, o chat.Outgoing) error {
	switch {
	case o.Text == "":
		return errors.New("a message needs a text")
	case len(o.Text) > textAtMost:
		return fmt.Errorf("a text of %d bytes is longer than Signal's %d", len(o.Text), textAtMost)
	}
	params["message"] = o.Text
	units := utf16Len(o.Text)
	var mentions []string
	for _, m := range o.Mentions {
		if !isACI(string(m.Person)) || m.Start < 0 || m.Length <= 0 || m.Length > units || m.Start > units-m.Length {
			return errors.New("a mention does not stand inside its text or names nobody")
		}
		mentions = append(mentions, fmt.Sprintf("%d:%d:%s", m.Start, m.Length, m.Person))
	}
	if len(mentions) > 0 {
		params["mention"] = mentions
	}
	return nil
}

// fileName and fileType are what a data URI can hold without any of it being taken for
// something else.
var (
	fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$`)
	fileType = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]+$`)
)

// attach puts files into a call, as data URIs: the daemon may run where it sees no file
// of ours, and what is private leaves no copy on a disk.
func attach(params map[string]any, files []chat.File) error {
	var all []string
	size := 0
	for _, f := range files {
		if !fileName.MatchString(f.Name) || !fileType.MatchString(f.Type) || len(f.Data) == 0 {
			return errors.New("a file needs a plain name, a media type and something in it")
		}
		size += len(f.Data)
		all = append(all, "data:"+f.Type+";filename="+f.Name+";base64,"+base64.StdEncoding.EncodeToString(f.Data))
	}
	if size > chat.MaxFiles {
		return fmt.Errorf("files of %d bytes are more than the %d of one message", size, chat.MaxFiles)
	}
	if len(all) > 0 {
		params["attachment"] = all
	}
	return nil
}

// whole checks that a reference has both halves.
func whole(what string, r *chat.Ref) error {
	if r == nil || r.Sent <= 0 || !isACI(string(r.Author)) {
		return fmt.Errorf("%s needs the message it is about, with its author", what)
	}
	return nil
}

// SubmitChallenge answers the captcha that Signal wants before it lets more messages out:
// the token of a [chat.SendError], and the signalcaptcha:// link that the operator got for
// it on https://signalcaptchas.org/challenge/generate.html, with the daemon's own network
// address.
func (l *Line) SubmitChallenge(ctx context.Context, token, captcha string) error {
	c, err := l.current()
	if err != nil {
		return err
	}
	return c.SubmitChallenge(ctx, token, captcha)
}

// SubmitChallenge is [Line.SubmitChallenge] for somebody who has no line.
func (c *Client) SubmitChallenge(ctx context.Context, token, captcha string) error {
	token, captcha = strings.TrimSpace(token), strings.TrimSpace(captcha)
	if token == "" || captcha == "" {
		return errors.New("a challenge is answered with its token and the captcha's link")
	}
	err := c.call(ctx, callTimeout, "submitRateLimitChallenge", map[string]any{"challenge": token, "captcha": captcha}, nil)
	var refused *CallError
	if errors.As(err, &refused) && (refused.Code == codeCaptcha || refused.Code == codeUser) {
		return fmt.Errorf("the captcha was not accepted; solve a new one, from the network address of signal-cli's host: %w", err)
	}
	return err
}
