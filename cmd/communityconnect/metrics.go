package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/VictoriaMetrics/metrics"

	"communityconnect/chat/signal"
	"communityconnect/storage"
)

// writeMetrics writes the counters of the program, of the lines and of the files. No metric
// names a person, a group or a text; where there are several communities each is named by
// its file.
func writeMetrics(out io.Writer, up []*wire) {
	metrics.WriteProcessMetrics(out)
	g := &gatherer{found: map[string]*family{}}
	for _, w := range up {
		g.community = ""
		if w.host != nil {
			g.community = w.label()
		}
		w.gather(g)
	}
	g.write(out)
}

// gather reads the counters of the community's line and file.
func (w *wire) gather(g *gatherer) {
	m := w.line.Metrics()
	g.set("signal_online", "1 while messages come and go.", truth(m.State == signal.Online))
	g.labelled("signal_info", "The version of signal-cli.", gauge, "version", map[string]uint64{m.Version: 1})
	if !m.LastEnvelope.IsZero() {
		g.set("signal_last_envelope_timestamp_seconds", "When something last came from Signal.", float64(m.LastEnvelope.Unix()))
	}
	g.set("signal_lines_waiting", "Lines that are read and not yet durable.", float64(m.Waiting))
	g.count("signal_lines_total", "Lines that brought something.", m.Received)
	g.count("signal_receipts_total", "Receipts of delivery or of reading.", m.Arrivals)
	g.count("signal_undecoded_total", "Lines that could not be understood.", m.Undecoded)
	g.count("signal_connections_total", "Connections made with signal-cli.", m.Connections)
	g.count("signal_batches_refused_total", "Batches that could not be made durable at once.", m.Refused)
	messages := map[string]uint64{}
	for kind, n := range m.Messages {
		messages[string(kind)] = n
	}
	g.labelled("signal_messages_total", "Messages that came in, by kind.", counter, "kind", messages)
	g.labelled("signal_ignored_total", "What came in and is of no interest, by reason.", counter, "reason", m.Ignored)
	g.labelled("signal_exceptions_total", "Messages that signal-cli could not decrypt, by exception.", counter, "exception", m.Exceptions)
	g.labelled("signal_sends_total", "Messages sent, by outcome.", counter, "outcome", m.Sends)
	g.labelled("signal_results_total", "Recipients of messages, by signal-cli's result.", counter, "result", m.Results)
	failures := map[string]uint64{}
	for code, n := range m.Failures {
		failures[strconv.Itoa(code)] = n
	}
	g.labelled("signal_refused_calls_total", "Calls that signal-cli refused, by its code.", counter, "code", failures)
	w.collectFile(g)
}

// collectFile reads what stands in the file.
func (w *wire) collectFile(g *gatherer) {
	var waiting, failed, dead, undecoded int
	err := w.db.View(func(tx *storage.Tx) (err error) {
		if waiting, failed, err = tx.Backlog(); err != nil {
			return err
		}
		if dead, err = tx.DeadMessages(); err != nil {
			return err
		}
		undecoded, err = tx.Undecoded()
		return err
	})
	g.set("database_readable", "1 if the database could be read.", truth(err == nil))
	if err == nil {
		g.set("outbox_waiting", "Messages that have not gone out for certain.", float64(waiting))
		g.set("outbox_failed", "Messages that were given up.", float64(failed))
		g.set("inbox_dead", "Messages that the bot failed on.", float64(dead))
		g.set("undecoded_kept", "Lines kept that could not be understood.", float64(undecoded))
	}
	g.set("database_writable", "0 while the disk fails.", truth(!w.diskFails()))
	g.set("challenge_waiting", "1 while Signal wants a captcha.", truth(readChallenge(w.community.Database) != nil))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// gatherer collects metrics, and writes them in the text form of Prometheus, which wants
// all of one name together.
type gatherer struct {
	community string // whose they are; "" where there is one
	found     map[string]*family
}

// family is all metrics of a name.
type family struct {
	help, kind string
	lines      []string
}

const metricPrefix = "communityconnect_"

// The kinds of a metric.
const (
	gauge   = "gauge"
	counter = "counter"
)

func (g *gatherer) set(name, help string, v float64) { g.add(name, help, gauge, "", "", v) }

func (g *gatherer) count(name, help string, n uint64) {
	g.add(name, help, counter, "", "", float64(n))
}

func (g *gatherer) labelled(name, help, kind, label string, values map[string]uint64) {
	for _, v := range slices.Sorted(maps.Keys(values)) {
		g.add(name, help, kind, label, v, float64(values[v]))
	}
}

func (g *gatherer) add(name, help, kind, label, value string, v float64) {
	f := g.found[name]
	if f == nil {
		f = &family{help: help, kind: kind}
		g.found[name] = f
	}
	var labels []string
	if g.community != "" {
		labels = append(labels, fmt.Sprintf("community=%q", g.community))
	}
	if label != "" {
		labels = append(labels, fmt.Sprintf("%s=%q", label, value))
	}
	full := metricPrefix + name
	if len(labels) > 0 {
		full += "{" + strings.Join(labels, ",") + "}"
	}
	var line strings.Builder
	metrics.WriteGaugeFloat64(&line, full, v)
	f.lines = append(f.lines, line.String())
}

func (g *gatherer) write(out io.Writer) {
	for _, name := range slices.Sorted(maps.Keys(g.found)) {
		f := g.found[name]
		fmt.Fprintf(out, "# HELP %s%s %s\n# TYPE %[1]s%[2]s %[4]s\n%s", metricPrefix, name, f.help, f.kind, strings.Join(f.lines, ""))
	}
}
