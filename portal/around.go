package portal

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"
)

// What a request may take. Pages are small, and so is what people send.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 16 << 10
	maxBody       = 64 << 10
)

// NewServer is a server that no slow or greedy client keeps busy.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0), // it would name addresses
	}
}

// errTooMuch is more than a form can hold.
var errTooMuch = errors.New("portal: the form is too large")

// around is what holds for every request: its limits, its headers, its line in the log.
func (p *Portal) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		seen := &watched{ResponseWriter: w, status: http.StatusOK}
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store")
		if p.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(seen, r.Body, maxBody)
		defer func() {
			if fallen := recover(); fallen != nil {
				p.Log.Error().Str("error", "panic\n"+string(debug.Stack())).Msg("a page could not be made")
				if !seen.begun {
					p.problem(seen, r, http.StatusInternalServerError, wentWrong)
				}
			}
			// The pattern, never the address: that of a one-time link is a secret.
			p.Log.Debug().Str("page", r.Pattern).Int("status", seen.status).Dur("took", time.Since(begun)).Msg("served")
		}()
		next.ServeHTTP(seen, r)
	})
}

// watched remembers how a request was answered.
type watched struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (w *watched) WriteHeader(status int) {
	w.status, w.begun = status, true
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// address is where a request comes from, as far as it can be known: what the proxies that
// are trusted say, the last one first.
func (p *Portal) address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, _ := netip.ParseAddr(host)
	at = at.Unmap()
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0 && p.trusted(at); i-- {
		before, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		at = before.Unmap()
	}
	return at
}

func (p *Portal) trusted(at netip.Addr) bool {
	for _, prefix := range p.TrustedProxies {
		if prefix.Contains(at) {
			return true
		}
	}
	return false
}
