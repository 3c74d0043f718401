package llm

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is the most of an HTTP answer that is read, in bytes.
const maxBody = 64 << 10

// limited is the way to the server. It reads no more of an answer than is agreed, and
// notes what the library above it does not pass on.
type limited struct {
	next http.RoundTripper
	now  func() time.Time
}

// noted is what one request has learned on its way.
type noted struct {
	status int
	pause  time.Duration // the server's Retry-After
}

type notedKey struct{}

func withNote(ctx context.Context) (context.Context, *noted) {
	n := new(noted)
	return context.WithValue(ctx, notedKey{}, n), n
}

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if n, ok := r.Context().Value(notedKey{}).(*noted); ok {
		n.status = answer.StatusCode
		if answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusServiceUnavailable {
			n.pause = retryAfter(answer.Header.Get("Retry-After"), l.now())
		}
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, maxBody), answer.Body}
	return answer, nil
}

// retryAfter reads the header: seconds, or a date. 0 is none.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return min(time.Duration(min(seconds, int(longestAsked/time.Second)))*time.Second, longestAsked)
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return min(at.Sub(now), longestAsked)
	}
	return 0
}

// checkURL refuses an address that no message should go to: what leaves the house is
// encrypted.
func checkURL(base string) (*url.URL, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the language model's base_url %q is no web address; write one like \"http://127.0.0.1:11434/v1\"", base)
	}
	if u.Scheme == "http" && !nearby(u.Hostname()) {
		return nil, fmt.Errorf("the language model at %s is not on this network, and http would show everybody on the way what is sent; use https", u.Host)
	}
	return u, nil
}

// nearby reports whether a host is this machine or on its own network.
func nearby(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, end := range []string{".localhost", ".local", ".lan", ".internal", ".home.arpa"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return host != "" && !strings.Contains(host, ".")
}

// here reports whether a host is this machine itself.
func here(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}
