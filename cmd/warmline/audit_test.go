package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"warmline/escalate/desk"
	"warmline/store"
)

// auditedDB is a database whose audit log has three sealed rows, and one that is not sealed yet.
func auditedDB(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "audited.db")
	st, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	add := func(subject, detail string) {
		t.Helper()
		err := st.Update(t.Context(), func(tx desk.Tx) error {
			return tx.Audit(t.Context(), desk.AuditRow{Actor: "U1", Action: "command", Subject: subject, Outcome: "done", Detail: detail})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add("policy 2", "threshold auto 0.97")
	add("policy 3", "=HYPERLINK(\"http://evil.example\")")
	add("policy 4", "clear \x1b[2J the <screen>")
	err = st.Update(t.Context(), func(tx desk.Tx) error { _, err := tx.SealAudit(t.Context(), 100); return err })
	if err != nil {
		t.Fatal(err)
	}
	add("policy 5", "not sealed yet")
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func warmlineAudit(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append([]string{"audit"}, args...), &o, &e)
	return code, o.String(), e.String()
}

func TestTheChainOfTheAuditLogIsVerifiedAndABrokenLinkIsNamed(t *testing.T) {
	t.Parallel()
	db := auditedDB(t)
	if code, out, errs := warmlineAudit(t, "--db", db, "--verify"); code != 0 || out != "The chain holds: 3 rows. 1 are not sealed yet; serve seals every minute.\n" {
		t.Errorf("code %d, %q, %q", code, out, errs)
	}
	raw, err := sql.Open("sqlite3", db)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.ExecContext(t.Context(), `UPDATE audit SET actor = 'U2' WHERE subject = 'policy 3'`); err != nil {
		t.Fatal(err)
	}
	code, out, errs := warmlineAudit(t, "--db", db, "--verify")
	if code != 1 || out != "" || !strings.Contains(errs, "row 2 (") || !strings.Contains(errs, "was changed after it was sealed; the 1 rows before it hold") {
		t.Errorf("code %d, %q, %q", code, out, errs)
	}
}

// Whoever has the export can verify it without us, by what docs/security.md says.
func TestAnExportCanBeVerifiedByOthers(t *testing.T) {
	t.Parallel()
	code, out, errs := warmlineAudit(t, "--db", auditedDB(t), "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	previous, sealed := "", 0
	for line := range strings.Lines(out) {
		var r auditRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Seq == 0 {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, r.At)
		if err != nil {
			t.Fatal(err)
		}
		canonical, err := json.Marshal([]any{previous, r.Seq, r.ID, at.UnixMicro(), r.Actor, r.Action, r.Subject, r.Outcome, r.Detail})
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(canonical)
		if previous = hex.EncodeToString(sum[:]); previous != r.Hash {
			t.Errorf("row %d has hash %s, computed %s", r.Seq, r.Hash, previous)
		}
		sealed++
	}
	if sealed != 3 {
		t.Errorf("%d sealed rows, want 3:\n%s", sealed, out)
	}
}

func TestWhatPeopleTypedIsDataInEveryFormOfTheAuditLog(t *testing.T) {
	t.Parallel()
	db := auditedDB(t)
	_, sheet, _ := warmlineAudit(t, "--db", db, "--csv")
	if !strings.Contains(sheet, `"'=HYPERLINK(""http://evil.example"")"`) {
		t.Errorf("a spreadsheet would run this:\n%s", sheet)
	}
	_, text, _ := warmlineAudit(t, "--db", db)
	if strings.Contains(text, "\x1b") || !strings.Contains(text, "clear �[2J the <screen>") || strings.Count(text, "\n") != 4 {
		t.Errorf("a terminal would obey this:\n%q", text)
	}
}

func TestTheAuditLogIsReadFromWhenIsAsked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.Local)
	for typed, want := range map[string]time.Time{
		"": {}, "36h": now.Add(-36 * time.Hour), "2026-11-01": time.Date(2026, 11, 1, 0, 0, 0, 0, time.Local),
		"2026-11-01T09:00:00Z": time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC),
	} {
		if got, err := sinceWhen(typed, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v; want %v", typed, got, err, want)
		}
	}
	for _, typed := range []string{"yesterday", "-5h", "2026-13-01"} {
		if got, err := sinceWhen(typed, now); err == nil {
			t.Errorf("%q was taken for %v", typed, got)
		}
	}
}
