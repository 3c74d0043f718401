package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/VictoriaMetrics/metrics"

	"communityconnect/chat/signal"
	"communityconnect/storage"
)

// writeMetrics writes the counters of the program, of the line and of the file. No metric
// names a person, a group or a text.
func (w *wire) writeMetrics(out io.Writer) {
	metrics.WriteProcessMetrics(out)
	m := w.line.Metrics()
	g := gatherer{out}
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
func (w *wire) collectFile(g gatherer) {
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

// gatherer writes metrics in the text form of Prometheus.
type gatherer struct{ out io.Writer }

const metricPrefix = "communityconnect_"

// The kinds of a metric.
const (
	gauge   = "gauge"
	counter = "counter"
)

func (g gatherer) set(name, help string, v float64) {
	g.about(name, help, gauge)
	metrics.WriteGaugeFloat64(g.out, metricPrefix+name, v)
}

func (g gatherer) count(name, help string, n uint64) {
	g.about(name, help, counter)
	metrics.WriteCounterUint64(g.out, metricPrefix+name, n)
}

func (g gatherer) labelled(name, help, kind, label string, values map[string]uint64) {
	if len(values) == 0 {
		return
	}
	g.about(name, help, kind)
	for _, v := range slices.Sorted(maps.Keys(values)) {
		metrics.WriteGaugeUint64(g.out, fmt.Sprintf("%s%s{%s=%q}", metricPrefix, name, label, v), values[v])
	}
}

func (g gatherer) about(name, help, kind string) {
	fmt.Fprintf(g.out, "# HELP %s%s %s\n# TYPE %[1]s%[2]s %[4]s\n", metricPrefix, name, help, kind)
}
