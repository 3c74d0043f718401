package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"communityconnect/bot"
	"communityconnect/community"
	"communityconnect/config"
	"communityconnect/nlp"
	"communityconnect/nlp/llm"
)

// modelClient is the client of the language model that the config names; nil where it
// names none. Way is how to reach it, nil for the network.
func modelClient(conf config.Config, language *bot.Language, way http.RoundTripper) (*llm.Client, error) {
	if conf.LLM.BaseURL == "" {
		return nil, nil
	}
	var names []string
	for _, c := range conf.Communities {
		names = append(names, c.Name)
	}
	c, err := llm.New(llm.Options{
		BaseURL: conf.LLM.BaseURL, Model: conf.LLM.Model, Key: os.Getenv(conf.LLM.APIKeyEnv),
		Parser: language.Parser(), Fold: community.Fold, Hide: names, Transport: way,
	})
	if err != nil {
		return nil, fmt.Errorf("[llm]: %w", err)
	}
	return c, nil
}

// understanding is what the engine reads sentences with.
func (s *service) understanding() (language *bot.Language, guesser bot.Guesser, err error) {
	if language = s.language; language == nil {
		if language, err = bot.LoadLanguage(); err != nil {
			return nil, nil, err
		}
	}
	c, err := modelClient(s.conf, language, s.modelWay)
	if err != nil || c == nil {
		return language, nil, err // a nil client is no guesser
	}
	return language, c, nil
}

// model asks the language model something, if there is one. Without it the bot works, so
// it is no failure if it doesn't answer.
func (l *findings) model(ctx context.Context, conf config.Config) {
	language, err := bot.LoadLanguage()
	if err != nil {
		l.fail("model", "%v", err)
		return
	}
	c, err := modelClient(conf, language, nil)
	switch {
	case err != nil:
		l.fail("model", "%v", err)
		return
	case c == nil:
		return
	}
	where := c.Where()
	if where == "" {
		where = "this machine"
	}
	_, err = c.Guess(ctx, nlp.Utterance{Text: "how many hours do I have?", Direct: true})
	var fault *llm.Error
	switch {
	case err == nil:
		l.ok("model", "%s on %s answers; it is shown single sentences that puzzle the bot, without names and numbers", conf.LLM.Model, where)
	case errors.As(err, &fault) && fault.Status == http.StatusUnauthorized:
		l.warn("model", "%s wants another key than %s holds; until then the bot does without it", where, conf.LLM.APIKeyEnv)
	default:
		l.warn("model", "%s on %s gives no usable answer (%v); until it does the bot does without it", conf.LLM.Model, where, err)
	}
}
