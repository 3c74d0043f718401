package portal_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/chat"
	"communityconnect/portal"
	"communityconnect/storage"
	"communityconnect/storage/storagetest"
)

// silentLine is a line to nobody.
type silentLine struct{}

func (silentLine) Send(context.Context, chat.Outgoing) (chat.Receipt, error) {
	return chat.Receipt{Sent: chat.TimestampOf(time.Now())}, nil
}
func (silentLine) Pause()  {}
func (silentLine) Resume() {}

// BenchmarkPages compares, turn by turn in one run, what it takes to make a page in books
// of a thousand transfers and of a million, among a hundred members. Nothing travels: it is
// the handler alone. Making the million takes a minute or two.
//
//	old-µs      the median in the books of a million
//	old/young   the ratio of the medians
func BenchmarkPages(b *testing.B) {
	var houses []func(path string) int
	for _, transfers := range []int{1000, 1_000_000} {
		db := storagetest.New(b, 100)
		storagetest.Fill(b, db, transfers)
		houses = append(houses, pagesOf(b, db, transfers))
	}
	for _, path := range []string{
		"/", "/board", "/board?q=help", "/trades/1", "/statement", "/statement?from=2026-05-02&to=2026-05-03", "/people", "/people/2", "/books", "/books?before=500",
		"/decisions", "/me", "/council", "/council/people", "/council/health", "/council/log",
	} {
		b.Run(strings.ReplaceAll(path, "/", "_"), func(b *testing.B) {
			var took [2][]time.Duration
			for n := 0; b.Loop(); n++ {
				for turn := range houses {
					i := (turn + n) % len(houses)
					begun := time.Now()
					if status := houses[i](path); status != http.StatusOK && status != http.StatusNotFound {
						b.Fatal(status)
					}
					took[i] = append(took[i], time.Since(begun))
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(median(took[1]).Microseconds()), "old-µs")
			b.ReportMetric(float64(median(took[1]))/float64(median(took[0])), "old/young")
		})
	}
}

// pagesOf returns what gets a page as the first of the members, who is made one of the council.
func pagesOf(b *testing.B, db *storage.DB, transfers int) func(path string) int {
	b.Helper()
	words, err := language()
	fine(b, err)
	storagetest.Update(b, db, func(tx *storage.Tx) error { return tx.JoinCouncil(1) })
	now := func() time.Time {
		return time.Date(2026, 5, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(transfers) * time.Minute)
	}
	engine, err := bot.New(bot.Options{DB: db, Line: silentLine{}, Self: "bot", Group: "g", Council: "c", Now: now, Log: zerolog.Nop(), Language: words})
	fine(b, err)
	p, err := portal.New(portal.Options{
		Community: func() (*storage.DB, *bot.Engine) { return db, engine }, URL: "http://localhost", Now: now, Log: zerolog.Nop(), Hashing: quick, Open: true,
	})
	fine(b, err)
	handler := p.Handler()
	in := httptest.NewRequest("POST", "/as", strings.NewReader(url.Values{"member": {"1"}}.Encode()))
	in.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, in)
	cookie, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	if cookie == "" {
		b.Fatal(fmt.Sprint("not in: ", w.Code))
	}
	return func(path string) int {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
