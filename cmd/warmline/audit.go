package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"warmline/escalate/desk"
	"warmline/store"
)

type auditCmd struct {
	DB     string `name:"db" default:"sqlite:warmline.db" env:"WARMLINE_DB" help:"Database: sqlite:PATH or postgres://user:password@host/name."`
	Since  string `help:"From when on: 2026-11-01, an instant as in RFC 3339, or how long ago, such as 36h."`
	JSON   bool   `name:"json" xor:"form" help:"One JSON object a line, with all that the chain is made of."`
	CSV    bool   `name:"csv" xor:"form" help:"For a spreadsheet."`
	Out    string `help:"A new file to write to; standard output without it."`
	Verify bool   `help:"Print nothing but whether the chain holds; ends with 1 and names the row where it does not."`
}

// Help is shown below the flags.
func (auditCmd) Help() string {
	return `Every action and every refusal is a row, and each row's hash covers the one before it:

  warmline audit --db warmline.db                                 for reading
  warmline audit --db warmline.db --since 2026-11-01 --csv --out november.csv
  warmline audit --db warmline.db --verify                        was anything changed, added or removed?

It changes nothing and may run beside serve.`
}

// Run prints or verifies the log.
func (c *auditCmd) Run(ctx context.Context, s *streams) (err error) {
	since, err := sinceWhen(c.Since, time.Now())
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, c.DB, store.Options{ReadOnly: true})
	if err != nil {
		return &usageError{err}
	}
	defer func() { _ = st.Close() }() // only read: closing can lose nothing
	if c.Verify {
		return verifyAudit(ctx, st, s.out)
	}
	out := s.out
	if c.Out != "" {
		f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // it says who did what
		if err != nil {
			return usagef("write the audit log: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	return c.export(ctx, st, since, out)
}

// sinceWhen reads --since.
func sinceWhen(typed string, now time.Time) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(typed); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.ParseInLocation(form, typed, time.Local); err == nil {
			return at, nil
		}
	}
	return time.Time{}, usagef("--since %s: write a day (2026-11-01), an instant (2026-11-01T09:00:00Z) or how long ago (36h)", typed)
}

func verifyAudit(ctx context.Context, st *store.Store, out io.Writer) error {
	chain, err := st.VerifyAudit(ctx)
	if err != nil {
		return fmt.Errorf("%w; the %d rows before it hold. Compare with a backup or an export of before", err, chain.Sealed)
	}
	_, err = fmt.Fprintf(out, "The chain holds: %d rows. %d are not sealed yet; serve seals every minute.\n", chain.Sealed, chain.Open)
	return err
}

func (c *auditCmd) export(ctx context.Context, st *store.Store, since time.Time, out io.Writer) error {
	b := bufio.NewWriter(out)
	var each func(store.Audited) error
	switch {
	case c.JSON:
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		each = func(a store.Audited) error { return enc.Encode(auditObject(a)) }
	case c.CSV:
		table := csv.NewWriter(b)
		if err := table.Write([]string{"seq", "id", "at", "actor", "action", "subject", "outcome", "detail", "hash"}); err != nil {
			return err
		}
		each = func(a store.Audited) error {
			if err := table.Write(auditCells(a)); err != nil {
				return err
			}
			table.Flush()
			return table.Error()
		}
	default:
		names, err := namesOf(ctx, st)
		if err != nil {
			return err
		}
		each = func(a store.Audited) error { _, err := fmt.Fprintln(b, auditLine(a, names)); return err }
	}
	if err := st.ExportAudit(ctx, since, each); err != nil {
		return err
	}
	return b.Flush()
}

// auditRow is a row as JSON has it: all that the hash covers, which is the JSON array [hash of the row before, seq, id,
// microseconds since 1970, actor, action, subject, outcome, detail].
type auditRow struct {
	Seq     int64  `json:"seq"`
	ID      string `json:"id"`
	At      string `json:"at"`
	Actor   string `json:"actor"`
	Action  string `json:"action"`
	Subject string `json:"subject"`
	Outcome string `json:"outcome"`
	Detail  string `json:"detail"`
	Hash    string `json:"hash"`
}

// auditTime has the microseconds that are kept, whatever they are.
const auditTime = "2006-01-02T15:04:05.000000Z07:00"

func auditObject(a store.Audited) auditRow {
	return auditRow{a.Seq, a.ID, a.At.UTC().Format(auditTime), a.Actor, a.Action, a.Subject, a.Outcome, a.Detail, a.Hash}
}

func auditCells(a store.Audited) []string {
	cells := []string{strconv.FormatInt(a.Seq, 10), a.ID, a.At.UTC().Format(auditTime), a.Actor, a.Action, a.Subject, a.Outcome, a.Detail, a.Hash}
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c // a spreadsheet would run it
		}
	}
	return cells
}

// auditLine is a row for reading, in local time and with names. What people typed cannot act in a terminal.
func auditLine(a store.Audited, names map[string]string) string {
	who := a.Actor
	if name := names[who]; name != "" {
		who += " (" + name + ")"
	}
	line := strings.Join([]string{a.At.Local().Format("2006-01-02 15:04:05 -0700"), who, a.Action, a.Subject, a.Outcome, a.Detail}, "  ")
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '�'
	}, line)
}

// namesOf are the names of all people, by their Slack id.
func namesOf(ctx context.Context, st *store.Store) (map[string]string, error) {
	names := map[string]string{}
	err := st.View(ctx, func(tx desk.Tx) error {
		all, err := tx.Everyone(ctx)
		for i := range all {
			names[string(all[i].ID)] = all[i].Name
		}
		return err
	})
	return names, err
}
