package bot

import (
	"context"

	"communityconnect/chat"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// Audit recomputes the books while the engine goes on. If they don't add up, nothing is
// posted from then on and the council hears why; once they do again, that ends.
func (e *Engine) Audit(ctx context.Context) (ledger.Report, error) {
	report, err := e.db.Audit(nil)
	if err != nil {
		return report, err
	}
	a := &audited{report: report, done: make(chan struct{}, 1)}
	if err := e.push(ctx, a); err != nil {
		return report, err
	}
	return report, await(ctx, a.done, 1)
}

// audited is an audit whose result is to be heeded.
type audited struct {
	report ledger.Report
	done   chan struct{}
}

func (a *audited) apply(e *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, func() { e.closed = !a.report.OK(); a.done <- struct{}{} })
	if e.closed == !a.report.OK() {
		return nil // nothing new
	}
	c, err := e.call(tx, chat.Message{}, e.now())
	if err != nil {
		return err
	}
	phrase := auditFine
	if !a.report.OK() {
		e.log.Error().Int("faults", len(a.report.Faults)).Msg("the books don't add up; nothing will be posted")
		phrase = auditFailed
	}
	c.send(c.council(), storage.Topic{}, c.text(phrase, auditArgs(a.report)...))
	return e.queue(tx, c, b)
}
