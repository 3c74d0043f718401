package bot

import (
	"context"
	"errors"

	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

// Audit opens every page of the file and recomputes the books while the engine goes on. If
// they do not hold, nothing is posted from then on and the council hears why; once they do
// again, that ends. What it finds is no error but in the report, or storage.ErrUnsound
// where the file itself is damaged.
func (e *Engine) Audit(ctx context.Context) (ledger.Report, error) {
	report, err := e.db.Inspect()
	if err != nil && !errors.Is(err, storage.ErrUnsound) {
		return report, err
	}
	a := &audited{done: make(chan struct{}, 1)}
	switch {
	case !report.OK():
		a.why, err = faults(report), nil
	case err != nil:
		a.why = "the file is damaged"
	}
	if failed := e.push(ctx, a); failed != nil {
		return report, failed
	}
	return report, errors.Join(err, await(ctx, a.done))
}

// faults says what an audit has found.
func faults(r ledger.Report) string {
	return counted(int64(len(r.Faults)), "fault", "faults") + ", the first: " + r.Faults[0].String()
}

// audited is an audit whose result is to be heeded.
type audited struct {
	why  string // the books do not hold; "" if they do
	done chan struct{}
}

func (a *audited) apply(e *Engine, tx *storage.Tx, b *batch) error {
	b.after = append(b.after, func() { e.closed = a.why; a.done <- struct{}{} })
	if e.closed == "" && a.why != "" {
		e.log.Error().Msg("the books don't add up; nothing will be posted")
	}
	return e.watch(tx, b, community.Signs{community.AuditFailed: {Wrong: a.why != "", Detail: a.why}})
}
