package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"communityconnect/chat/signal"
)

// ailments lists what keeps the bot from doing its work; none if it is well.
func (w *wire) ailments(ctx context.Context) []string {
	var all []string
	if w.diskFails() {
		all = append(all, "the database can't be written: is the disk full?")
	} else {
		ctx, cancel := context.WithTimeout(ctx, aliveAtMost)
		defer cancel()
		posting, err := w.engine.Alive(ctx)
		switch {
		case err != nil:
			all = append(all, "the engine does not answer")
		case !posting:
			all = append(all, "the books do not add up, and nothing is posted: communityconnect audit says why")
		}
	}
	if w.line.Metrics().State == signal.Offline {
		all = append(all, "there is no connection with signal-cli")
	}
	if readChallenge(w.community.Database) != nil {
		all = append(all, "Signal wants a captcha: communityconnect check says what to do")
	}
	return all
}

// listen serves /healthz and /metrics, if they are wanted.
func (w *wire) listen() (*http.Server, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.writeMetrics(rw)
	})
	mux.HandleFunc("GET /healthz", w.healthz)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	if w.metrics == "" {
		return server, nil
	}
	ln, err := net.Listen("tcp", w.metrics)
	if err != nil {
		return nil, fmt.Errorf("--metrics %s: %w", w.metrics, err)
	}
	go func() {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			w.log.Error().Err(err).Msg("no metrics any more")
		}
	}()
	w.log.Info().Str("address", ln.Addr().String()).Msg("metrics")
	return server, nil
}

func (w *wire) healthz(rw http.ResponseWriter, r *http.Request) {
	ailments := w.ailments(r.Context())
	text := "ok"
	if len(ailments) > 0 {
		rw.WriteHeader(http.StatusServiceUnavailable)
		text = strings.Join(ailments, "\n")
	}
	fmt.Fprintln(rw, text)
}

// notify tells systemd; elsewhere it does nothing.
func (s *service) notify(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		s.log.Warn().Err(err).Msg("systemd can't be told")
	}
}

// watchdog tells systemd that the bot works, as often as it wants to hear it. A full disk
// or an absent signal-cli is no reason for a restart: neither is put right by one.
func (w *wire) watchdog(ctx context.Context) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil || every == 0 {
		if os.Getenv("WATCHDOG_USEC") != "" && err != nil {
			w.log.Warn().Err(err).Msg("no watchdog")
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
		_, err := w.engine.Alive(asking)
		cancel()
		if err == nil || w.diskFails() {
			w.notify(daemon.SdNotifyWatchdog)
		}
	}
}
