package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/chat/signal"
)

// ailments lists what keeps the bot from doing its work; none if it is well.
func (w *wire) ailments(ctx context.Context) []string {
	var all []string
	if w.diskFails() {
		all = append(all, "the database can't be written: is the disk full? is the file damaged? communityconnect check says")
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
	switch w.line.Metrics().State {
	case signal.Offline:
		all = append(all, "there is no connection with signal-cli")
	case signal.Paused:
		if !w.diskFails() {
			all = append(all, "what comes in can't be kept, and waits at Signal: the log says why")
		}
	}
	if readChallenge(w.community.Database) != nil {
		all = append(all, "Signal wants a captcha: communityconnect check says what to do")
	}
	return all
}

// listen serves /healthz and /metrics of the communities that are up, if they are wanted.
func listen(address string, up func() []*wire, log zerolog.Logger) (*http.Server, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		writeMetrics(rw, up())
	})
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, r *http.Request) { healthz(rw, r, up()) })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	if address == "" {
		return server, nil
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--metrics %s: %w", address, err)
	}
	go func() {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			log.Error().Err(err).Msg("no metrics any more")
		}
	}()
	log.Info().Str("address", ln.Addr().String()).Msg("metrics")
	return server, nil
}

func healthz(rw http.ResponseWriter, r *http.Request, up []*wire) {
	var all []string
	for _, w := range up {
		for _, ailment := range w.ailments(r.Context()) {
			if w.host != nil {
				ailment = w.label() + ": " + ailment
			}
			all = append(all, ailment)
		}
	}
	if len(up) > 0 && up[0].host != nil {
		if down := len(up[0].host.services) - len(up); down > 0 {
			all = append(all, fmt.Sprintf("%d communities are down; the log says why", down))
		}
	}
	text := "ok"
	switch {
	case len(up) == 0:
		all = append(all, "no community is up")
		fallthrough
	case len(all) > 0:
		rw.WriteHeader(http.StatusServiceUnavailable)
		text = strings.Join(all, "\n")
	}
	fmt.Fprintln(rw, text)
}

// status tells systemd what the bot does, where it is for one community.
func (s *service) status(state string) {
	if s.host == nil {
		notify(state, s.log)
	}
}

// alive reports whether the engine does its work. A full disk or an absent signal-cli is no
// reason for a restart: neither is put right by one.
func (w *wire) alive(ctx context.Context) bool {
	_, err := w.engine.Alive(ctx)
	return err == nil || w.diskFails()
}
