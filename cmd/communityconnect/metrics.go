package main

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"communityconnect/chat/signal"
	"communityconnect/storage"
)

// Describe describes nothing: which metrics there are depends on what has happened.
func (w *wire) Describe(chan<- *prometheus.Desc) {}

// Collect reads the counters of the line and of the file. No metric names a person, a
// group or a text.
func (w *wire) Collect(out chan<- prometheus.Metric) {
	m := w.line.Metrics()
	g := gatherer{out}
	g.set("signal_online", "1 while messages come and go.", truth(m.State == signal.Online))
	g.labelled("signal_info", "The version of signal-cli.", prometheus.GaugeValue, "version", map[string]uint64{m.Version: 1})
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
	g.labelled("signal_messages_total", "Messages that came in, by kind.", prometheus.CounterValue, "kind", messages)
	g.labelled("signal_ignored_total", "What came in and is of no interest, by reason.", prometheus.CounterValue, "reason", m.Ignored)
	g.labelled("signal_exceptions_total", "Messages that signal-cli could not decrypt, by exception.", prometheus.CounterValue, "exception", m.Exceptions)
	g.labelled("signal_sends_total", "Messages sent, by outcome.", prometheus.CounterValue, "outcome", m.Sends)
	g.labelled("signal_results_total", "Recipients of messages, by signal-cli's result.", prometheus.CounterValue, "result", m.Results)
	failures := map[string]uint64{}
	for code, n := range m.Failures {
		failures[strconv.Itoa(code)] = n
	}
	g.labelled("signal_refused_calls_total", "Calls that signal-cli refused, by its code.", prometheus.CounterValue, "code", failures)
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

// gatherer names metrics and hands them on.
type gatherer struct{ out chan<- prometheus.Metric }

const metricPrefix = "communityconnect_"

func (g gatherer) set(name, help string, v float64) {
	g.out <- prometheus.MustNewConstMetric(prometheus.NewDesc(metricPrefix+name, help, nil, nil), prometheus.GaugeValue, v)
}

func (g gatherer) count(name, help string, n uint64) {
	g.out <- prometheus.MustNewConstMetric(prometheus.NewDesc(metricPrefix+name, help, nil, nil), prometheus.CounterValue, float64(n))
}

func (g gatherer) labelled(name, help string, kind prometheus.ValueType, label string, values map[string]uint64) {
	desc := prometheus.NewDesc(metricPrefix+name, help, []string{label}, nil)
	for v, n := range values {
		g.out <- prometheus.MustNewConstMetric(desc, kind, float64(n), v)
	}
}
