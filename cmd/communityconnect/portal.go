package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/bot/stage"
	"communityconnect/config"
	"communityconnect/portal"
	"communityconnect/storage"
)

// pagesEndWithin is how long a page under way is waited for when the bot stops.
const pagesEndWithin = 3 * time.Second

// servePortal serves the web pages, if the config wants any, until end is called.
func (w *wire) servePortal() (end func(), err error) {
	conf := w.conf.Portal
	if conf.Address == "" {
		return func() {}, nil
	}
	p, err := portal.New(portal.Options{
		Community: func() (*storage.DB, *bot.Engine) { return w.db, w.engine }, URL: conf.URL, TrustedProxies: trustedProxies(conf), Now: w.now, Log: w.log,
		Backups: w.conf.Backup.Directory,
	})
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", conf.Address)
	if err != nil {
		return nil, fmt.Errorf("[portal] address = %q: %w", conf.Address, err)
	}
	w.log.Info().Str("address", ln.Addr().String()).Msg("web pages")
	return serveHTTP(portal.NewServer(p.Handler()), ln, w.log), nil
}

// serveHTTP serves until end is called.
func serveHTTP(server *http.Server, ln net.Listener, log zerolog.Logger) (end func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			log.Error().Err(err).Msg("no web pages any more")
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), pagesEndWithin)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-ended
	}
}

// trustedProxies are the addresses whose word on where a request comes from counts. The
// config has been checked.
func trustedProxies(conf config.Portal) (all []netip.Prefix) {
	for _, text := range conf.TrustedProxies {
		if prefix, err := netip.ParsePrefix(text); err == nil {
			all = append(all, prefix.Masked())
		} else if one, err := netip.ParseAddr(text); err == nil {
			all = append(all, netip.PrefixFrom(one, one.BitLen()))
		}
	}
	return all
}

// portalURL is where members find the pages; "" where there are none.
func portalURL(conf config.Portal) string {
	if conf.Address == "" {
		return ""
	}
	return conf.URL
}

// demoAddress is where the demo's pages are, if nothing else is there.
const demoAddress = "127.0.0.1:8080"

// demoPages are the pages of a demo, in which anybody may be anybody.
type demoPages struct {
	ln  net.Listener
	url string
}

func listenForDemo() (d demoPages, err error) {
	if d.ln, err = net.Listen("tcp", demoAddress); err != nil {
		d.ln, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err == nil {
		d.url = "http://" + d.ln.Addr().String()
	}
	return d, err
}

// serve shows the pages until end is called.
func (d demoPages) serve(s *stage.Stage) (end func(), err error) {
	p, err := portal.New(portal.Options{Community: s.Community, URL: d.url, Now: s.Now, Log: zerolog.Nop(), Open: true})
	if err != nil {
		return nil, err
	}
	return serveHTTP(portal.NewServer(p.Handler()), d.ln, zerolog.Nop()), nil
}
