package store

import (
	"context"
	"fmt"
	"time"

	"warmline/escalate/desk"
)

// auditBatch is how many rows are held at a time where the whole log is read.
const auditBatch = 1000

// Chain is the audit log as VerifyAudit found it.
type Chain struct {
	Sealed int // rows that hold
	Open   int // rows that are not sealed yet, which it does not cover
}

// VerifyAudit recomputes the chain of the audit log. The error names the first row that was changed, added or removed after it
// was sealed.
func (s *Store) VerifyAudit(ctx context.Context) (c Chain, err error) {
	err = s.db.view(ctx, func(t *tx) error {
		if c.Sealed, err = t.verifyAudit(ctx); err != nil {
			return err
		}
		return t.one(ctx, []any{&c.Open}, `SELECT COUNT(*) FROM audit WHERE seq = 0`)
	})
	if err != nil {
		return c, fmt.Errorf("verify audit: %w", err)
	}
	return c, nil
}

func (t *tx) verifyAudit(ctx context.Context) (rows int, err error) {
	var seq int64
	var hash, wantHash string
	for {
		list, err := t.audits(ctx, `SELECT `+auditColumns+` FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, auditBatch)
		if err != nil {
			return rows, err
		}
		for i := range list {
			a := &list[i]
			seq++
			if a.seq != seq {
				return rows, fmt.Errorf("row %d is missing: the next one is %d (%s)", seq, a.seq, a.id)
			}
			if wantHash, err = a.seal(hash); err != nil {
				return rows, err
			}
			if a.hash != wantHash {
				return rows, fmt.Errorf("row %d (%s) was changed after it was sealed", a.seq, a.id)
			}
			hash = wantHash
			rows++
		}
		if len(list) < auditBatch {
			break
		}
	}
	var headSeq int64
	var headHash string
	err = t.one(ctx, []any{&headSeq, &headHash}, `SELECT seq, hash FROM audit_head WHERE id = 1`)
	if err == nil && (headSeq != seq || headHash != hash) {
		err = fmt.Errorf("row %d is missing: the chain was sealed up to %d and ends at %d", seq+1, headSeq, seq)
	}
	return rows, err
}

// Audited is a row of the audit log with its place in the chain.
type Audited struct {
	desk.AuditRow
	Seq  int64  // 0 when it is not sealed yet
	Hash string // of this row and the one before it
}

// ExportAudit hands out all rows since an instant: those of the chain in its order, then those that are not sealed yet. Each is
// one snapshot of the log, however long it takes.
func (s *Store) ExportAudit(ctx context.Context, since time.Time, each func(Audited) error) error {
	return s.db.view(ctx, func(t *tx) error {
		if err := t.exportAudit(ctx, since, each); err != nil {
			return fmt.Errorf("export audit: %w", err)
		}
		return nil
	})
}

func (t *tx) exportAudit(ctx context.Context, since time.Time, each func(Audited) error) error {
	var seq int64
	var id string
	for _, next := range []func() ([]audited, error){
		func() ([]audited, error) {
			return t.audits(ctx, `SELECT `+auditColumns+` FROM audit WHERE seq > $1 AND at >= $2 ORDER BY seq LIMIT $3`,
				seq, micros(since), auditBatch)
		},
		func() ([]audited, error) {
			return t.audits(ctx, `SELECT `+auditColumns+` FROM audit WHERE seq = 0 AND id > $1 AND at >= $2 ORDER BY id LIMIT $3`,
				id, micros(since), auditBatch)
		},
	} {
		for more := true; more; {
			list, err := next()
			if err != nil {
				return err
			}
			for i := range list {
				seq, id = max(seq, list[i].seq), list[i].id
				if err := each(Audited{AuditRow: list[i].row, Seq: list[i].seq, Hash: list[i].hash}); err != nil {
					return err
				}
			}
			more = len(list) == auditBatch
		}
		id = ""
	}
	return nil
}
