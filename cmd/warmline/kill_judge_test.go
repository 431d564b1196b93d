package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"warmline/escalate/desk"
	"warmline/internal/judge"
	"warmline/internal/localslack"
	"warmline/store"
)

// killVerdict is what the judge found, and what there was to judge.
type killVerdict struct {
	findings                               []judge.Finding
	tickets, acked, sent, settled, ask, by int
	cards                                  int
}

func (v *killVerdict) summary() string {
	return fmt.Sprintf("tickets %d, cards %d, presses acked %d (%d approvals), messages sent %d, ambiguous settled %d, asked %d",
		v.tickets, v.cards, v.acked, v.by, v.sent, v.settled, v.ask)
}

// demand fails a run in which too little happened to prove anything.
func (v *killVerdict) demand(t *testing.T, kills, tickets int) {
	t.Helper()
	if v.tickets != tickets {
		t.Errorf("%d tickets were judged, want %d", v.tickets, tickets)
	}
	if v.acked < kills || v.cards < tickets/4 || v.sent < tickets/4 || v.by == 0 {
		t.Errorf("too little happened to judge: %s", v.summary())
	}
}

// evidence reads what both sides wrote down.
func (w *killWorld) evidence() judge.Evidence {
	w.t.Helper()
	slack, err := localslack.ReadJournal(w.slackJournal)
	if err != nil {
		w.t.Fatal(err)
	}
	tickets, err := judge.ReadDesk(w.deskJournal)
	if err != nil {
		w.t.Fatal(err)
	}
	return judge.Evidence{Slack: slack, Desk: tickets, DB: w.database(), At: time.Now()}
}

// judge has the evidence judged, and counts what there was to judge.
func (w *killWorld) judge(e judge.Evidence) *killVerdict {
	w.t.Helper()
	v := &killVerdict{}
	var err error
	if v.findings, err = judge.Judge(w.t.Context(), e); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range e.Slack {
		switch {
		case r.Kind == localslack.InteractionAcked && r.Interaction.Type == "interactive":
			v.acked++
		case isCard(r):
			v.cards++
		}
	}
	for _, r := range e.Desk {
		switch {
		case r.Created != nil:
			v.tickets++
		case r.Message != nil && r.Message.Public && r.Message.Marker != "":
			v.sent++
		}
	}
	// A reply of which a call was lost, or cut off and begun anew, and that is settled by now.
	v.settled = w.count(`SELECT COUNT(*) FROM (SELECT ticket_id, body FROM history WHERE kind = 'sending'
		GROUP BY ticket_id, body HAVING COUNT(*) > 1) AS again`) + w.count(`SELECT COUNT(*) FROM history WHERE kind = 'lost'`)
	v.ask = w.count(`SELECT COUNT(*) FROM history WHERE kind = 'asked'`)
	v.by = w.count(`SELECT COUNT(*) FROM history WHERE kind = 'approved'`)
	return v
}

// tamper repeats one message to a customer and one card in evidence that was found clean: the judge must see both.
func (w *killWorld) tamper(e judge.Evidence) {
	w.t.Helper()
	message := slices.IndexFunc(e.Desk, func(r judge.DeskRecord) bool { return r.Message != nil && r.Message.Public && r.Message.Marker != "" })
	card := slices.IndexFunc(e.Slack, isCard)
	again := e.Slack[card]
	moved := *again.Message
	moved.TS += "1"
	again.Message = &moved
	e.Desk, e.Slack = append(slices.Clip(e.Desk), e.Desk[message]), append(slices.Clip(e.Slack), again)
	found := map[judge.Kind]bool{}
	for _, f := range w.judge(e).findings {
		found[f.Kind] = true
	}
	if !found[judge.MessageTwice] || !found[judge.CardTwice] {
		w.t.Errorf("the judge did not see a repeated message and a repeated card: %v", found)
	}
}

// isCard reports whether a line of the workspace's journal is a card that was posted.
func isCard(r localslack.Record) bool {
	return r.Kind == localslack.MessagePosted && bytes.Contains(r.Message.Metadata, []byte(`"warmline_card"`))
}

// verifyAudit seals what is not sealed yet and recomputes the chain.
func (w *killWorld) verifyAudit() {
	w.t.Helper()
	ctx := w.t.Context()
	st, err := store.Open(ctx, w.dsn, store.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	for sealed := 1; sealed > 0; {
		err := st.Update(ctx, func(tx desk.Tx) (err error) { sealed, err = tx.SealAudit(ctx, 1000); return err })
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if chain, err := st.VerifyAudit(ctx); err != nil || chain.Sealed == 0 {
		w.t.Errorf("audit log %+v: %v", chain, err)
	}
}

// database opens the bot's database beside it, for reading.
func (w *killWorld) database() *sql.DB {
	w.t.Helper()
	if w.db != nil {
		return w.db
	}
	driver, name := "pgx", w.dsn
	if path, ok := cutSQLite(w.dsn); ok {
		driver, name = "sqlite3", "file:"+path+"?mode=ro&_busy_timeout=2000"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = db.Close() })
	w.db = db
	return db
}

func (w *killWorld) count(query string) (n int) {
	w.t.Helper()
	if err := w.database().QueryRowContext(w.t.Context(), query).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// awaitQuiet waits until nothing is left to do: no job runs or is due, no reply is on its way, every card of an open hand-off is drawn. When
// that does not come about the judge says what is missing.
func (w *killWorld) awaitQuiet(atMost time.Duration) {
	w.t.Helper()
	deadline := time.Now().Add(atMost)
	for calm := 0; calm < 3; calm++ {
		if busy := w.busy(); busy > 0 {
			calm = -1
		}
		if time.Now().After(deadline) {
			w.t.Logf("still busy after %s: %d things to do", atMost, w.busy())
			return
		}
		elapse(w.t.Context(), 400*time.Millisecond)
	}
}

func (w *killWorld) busy() int { return w.count(leftToDo(time.Now())) }

// leftToDo is the query that counts what is left to do. Timers of the far future and what recurs do not count.
func leftToDo(now time.Time) string {
	return fmt.Sprintf(`SELECT
		(SELECT COUNT(*) FROM job WHERE kind NOT IN ('read-members', 'sweep', 'seal-audit', 'forget', 'lease')
			AND (state = 'running' OR state = 'ready' AND run_at < %d)) +
		(SELECT COUNT(*) FROM card c JOIN ticket t ON t.id = c.ticket_id AND t.handoff_id = c.handoff WHERE t.active AND c.drawn < t.version)`,
		now.Add(10*time.Second).UnixMicro())
}

// keep leaves the evidence behind, for whoever looks into a failure.
func (w *killWorld) keep() {
	dir, err := os.MkdirTemp("", "warmline-kill-")
	if err == nil {
		err = os.CopyFS(dir, os.DirFS(w.dir))
	}
	if path, ok := cutSQLite(w.dsn); ok && err == nil {
		err = os.CopyFS(filepath.Join(dir, "db"), os.DirFS(filepath.Dir(path)))
	}
	w.t.Logf("the journals are kept in %s (%v)", dir, err)
}

// decodedJSON reads JSON that is known to be well-formed.
func decodedJSON[T any](raw json.RawMessage) (v T) {
	_ = json.Unmarshal(raw, &v)
	return v
}
