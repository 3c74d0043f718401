package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/config"
)

// host runs all communities of a config in one process. Each has its own file, engine and
// calendar; those that share a Signal account share its line, too, and nothing else. One
// that can't be started, or ends, is tried again without the others noticing.
type host struct {
	conf     config.Config
	services []*service
	accounts []*account    // those that several communities share
	metrics  string        // address; "" for none
	nightly  chan struct{} // has room for one that works on its backups
	log      zerolog.Logger

	mu    sync.Mutex
	wires []*wire // of the communities that are up
}

// newHost prepares the communities of a config.
func newHost(conf config.Config, log zerolog.Logger) (*host, error) {
	h := &host{conf: conf, log: log, nightly: make(chan struct{}, 1)}
	for _, c := range conf.Communities {
		h.services = append(h.services, newService(conf, c, log))
	}
	if len(h.services) == 1 {
		return h, nil
	}
	if conf.Portal.Address != "" {
		return nil, errors.New("[portal] is for one community, and there are several; take it out, or run the community that wants web pages with a config of its own")
	}
	starting := make(chan struct{}, startingAtOnce)
	language, err := bot.LoadLanguage()
	if err != nil {
		return nil, err
	}
	sharing := map[string][]*service{}
	for _, s := range h.services {
		s.host, s.language, s.starting = h, language, starting
		s.log = log.With().Str("community", s.label()).Logger()
		sharing[s.signal.Account] = append(sharing[s.signal.Account], s)
	}
	for _, s := range h.services {
		if all := sharing[s.signal.Account]; len(all) > 1 && all[0] == s {
			h.accounts = append(h.accounts, newAccount(conf, all, log))
		}
	}
	return h, nil
}

// startingAtOnce is how many communities are started at the same time.
const startingAtOnce = 4

// label is what a community is called in the log and the metrics: its file.
func (s *service) label() string {
	base := filepath.Base(s.community.Database)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// run is the life of all communities, until ctx ends.
func (h *host) run(ctx context.Context) error {
	var tidy sync.WaitGroup
	defer tidy.Wait()
	running, end := context.WithCancel(ctx)
	defer end()
	tidy.Go(func() { giveBack(running) })
	if len(h.services) == 1 {
		s := h.services[0]
		s.metrics = h.metrics
		return s.run(ctx)
	}
	endpoint, err := listen(h.metrics, h.up, h.log)
	if err != nil {
		return err
	}
	defer endpoint.Close()
	var parts sync.WaitGroup
	for _, a := range h.accounts {
		if err := a.open(); err != nil {
			return err
		}
		defer a.close()
		parts.Go(func() { a.run(ctx) })
	}
	for _, s := range h.services {
		if s.account == nil {
			parts.Go(func() { s.keepUp(ctx) })
		}
	}
	parts.Go(func() { watchdog(ctx, h.alive, h.log) })
	notify(daemon.SdNotifyReady+"\nSTATUS="+fmt.Sprintf("%d communities", len(h.services)), h.log)
	h.log.Info().Int("communities", len(h.services)).Msg("the bot is up")
	<-ctx.Done()
	h.log.Info().Msg("told to stop")
	notify(daemon.SdNotifyStopping, h.log)
	parts.Wait()
	h.log.Info().Msg("stopped")
	return nil
}

// How long a community that could not be started, or ended, is left alone.
const (
	restartFirst = 10 * time.Second
	restartLast  = 10 * time.Minute
)

// keepUp runs a community again and again, until ctx ends.
func (s *service) keepUp(ctx context.Context) {
	for pause := restartFirst; ; pause = min(2*pause, restartLast) {
		begun := s.now()
		err := s.run(ctx)
		if ctx.Err() != nil {
			if err != nil {
				s.log.Error().Err(err).Msg("the community did not end well")
			}
			return
		}
		if s.now().Sub(begun) > restartLast {
			pause = restartFirst
		}
		s.log.Error().Err(err).Dur("again_in", pause).Msg("the community is down; the others go on")
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// joined and left keep track of who is up.
func (h *host) joined(w *wire) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wires = append(h.wires, w)
}

func (h *host) left(w *wire) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.wires {
		if h.wires[i] == w {
			h.wires = append(h.wires[:i:i], h.wires[i+1:]...)
			return
		}
	}
}

// up returns the communities that are up.
func (h *host) up() []*wire {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.wires
}

// alive reports whether every engine that is up does its work.
func (h *host) alive(ctx context.Context) bool {
	for _, w := range h.up() {
		if !w.alive(ctx) {
			return false
		}
	}
	return true
}

// ownLine reports whether a community has an account, and so a line, of its own.
func (s *service) ownLine() bool { return s.account == nil }

// groups are both of a community's.
func groups(c config.Community) []chat.GroupID {
	return []chat.GroupID{chat.GroupID(c.Group), chat.GroupID(c.CouncilGroup)}
}

// visitorsPath is where the communities that share an account keep what they have in
// common: beside the file of the first.
func visitorsPath(first config.Community) string {
	return filepath.Join(filepath.Dir(first.Database), "visitors.db")
}

// notify tells systemd; elsewhere it does nothing.
func notify(state string, log zerolog.Logger) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn().Err(err).Msg("systemd can't be told")
	}
}

// watchdog tells systemd that the bot works, as often as it wants to hear it.
func watchdog(ctx context.Context, alive func(context.Context) bool, log zerolog.Logger) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil || every == 0 {
		if os.Getenv("WATCHDOG_USEC") != "" && err != nil {
			log.Warn().Err(err).Msg("no watchdog")
		}
		return
	}
	tick := time.NewTicker(every / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		asking, cancel := context.WithTimeout(ctx, every/3)
		if alive(asking) {
			notify(daemon.SdNotifyWatchdog, log)
		}
		cancel()
	}
}
