package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"warmline/escalate/desk"
)

// audited is a row of the audit log.
type audited struct {
	id   string
	at   int64
	row  desk.AuditRow
	seq  int64
	hash string
}

const auditColumns = "id, at, actor, action, subject, outcome, detail, seq, hash"

func scanAudit(rows *sql.Rows) (a audited, err error) {
	err = rows.Scan(&a.id, &a.at, &a.row.Actor, &a.row.Action, &a.row.Subject, &a.row.Outcome, &a.row.Detail, &a.seq, &a.hash)
	a.row.ID, a.row.At = a.id, instant(a.at)
	return a, err
}

// seal is the row's hash: SHA-256 over the hash before it and the row as a JSON array, in hexadecimal.
func (a *audited) seal(previous string) (string, error) {
	canonical, err := json.Marshal([]any{
		previous, a.seq, a.id, a.at, a.row.Actor, a.row.Action, a.row.Subject, a.row.Outcome, a.row.Detail,
	})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

func (t *tx) audits(ctx context.Context, statement string, args ...any) ([]audited, error) {
	var list []audited
	err := t.each(ctx, func(rows *sql.Rows) error {
		a, err := scanAudit(rows)
		list = append(list, a)
		return err
	}, statement, args...)
	return list, err
}

// Audit implements desk.Audits.
func (t *tx) Audit(ctx context.Context, a desk.AuditRow) error {
	if a.At.IsZero() {
		a.At = t.now
	}
	err := t.Put(ctx, `
		INSERT INTO audit (id, at, actor, action, subject, outcome, detail, seq, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')`,
		t.NewID(), micros(a.At), a.Actor, a.Action, a.Subject, a.Outcome, a.Detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", a.Action, err)
	}
	return nil
}

// SealAudit implements desk.Audits.
func (t *tx) SealAudit(ctx context.Context, limit int) (int, error) {
	var seq int64
	var hash string
	err := t.one(ctx, []any{&seq, &hash}, `SELECT seq, hash FROM audit_head WHERE id = 1 FOR UPDATE`)
	if err != nil {
		return 0, fmt.Errorf("seal audit: %w", err)
	}
	list, err := t.audits(ctx, `SELECT `+auditColumns+` FROM audit WHERE seq = 0 ORDER BY id LIMIT $1`, limit)
	if err != nil {
		return 0, fmt.Errorf("seal audit: %w", err)
	}
	for i := range list {
		seq++
		list[i].seq = seq
		if hash, err = list[i].seal(hash); err == nil {
			err = t.Put(ctx, `UPDATE audit SET seq = $2, hash = $3 WHERE id = $1 AND seq = 0`, list[i].id, seq, hash)
		}
		if err != nil {
			return 0, fmt.Errorf("seal audit row %s: %w", list[i].id, err)
		}
	}
	if len(list) == 0 {
		return 0, nil
	}
	if err := t.Put(ctx, `UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1`, seq, hash); err != nil {
		return 0, fmt.Errorf("seal audit: %w", err)
	}
	return len(list), nil
}

// auditLimit is how many rows AuditRows returns when it is not told.
const auditLimit = 20

// AuditRows implements desk.Audits.
func (t *tx) AuditRows(ctx context.Context, f desk.AuditFilter) ([]desk.AuditRow, error) {
	where, args := "TRUE", []any{cmp.Or(f.Limit, auditLimit)}
	and := func(condition string, arg string) {
		args = append(args, arg)
		where += " AND " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if f.Person != "" {
		and("(actor = ? OR subject = 'person ' || ?)", string(f.Person))
	}
	if f.Subject != "" {
		and("subject = ?", f.Subject)
	}
	if f.Policy {
		and("subject LIKE ?", "policy %")
	}
	if f.Before != "" {
		and("id < ?", f.Before)
	}
	list, err := t.audits(ctx, `SELECT `+auditColumns+` FROM audit WHERE `+where+` ORDER BY id DESC LIMIT $1`, args...)
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	rows := make([]desk.AuditRow, len(list))
	for i := range list {
		rows[i] = list[i].row
	}
	return rows, nil
}
