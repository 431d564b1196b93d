package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store/queue"
)

// monthJudge walks all tickets and says which of them nobody looks after. It knows nothing of how Warmline finds them: it reads what the
// helpdesk has, the rows, and what Slack was told.
type monthJudge struct {
	suspects map[string]string // by ref: what has been wrong at every look since suspect
	findings []string
	walks    int
	walked   int
}

// monthRow is what a ticket's row says, read without the code that is judged.
type monthRow struct {
	ref   string
	jobs  []string // kinds that will run
	state struct {
		Handoff *struct {
			State, Owner string
			Channel      string
		}
		Decision *struct{ Leave string }
		Replies  []struct{ State string }
	}
}

// rows reads all tickets and the jobs that belong to them. A job that was due a quarter of an hour ago and did not run will not.
// Without names it reads all tickets.
func (j *monthJudge) rows(m *month, refs []string) (rows []monthRow) {
	m.t.Helper()
	ctx := m.t.Context()
	err := m.store.View(ctx, func(tx desk.Tx) error {
		jobs := map[string][]string{}
		late := time.Now().Add(-15 * time.Minute).UnixMicro()
		err := eachRow(ctx, tx, func(found *sql.Rows) error {
			var kind string
			var payload []byte
			var of struct{ Ticket string }
			err := found.Scan(&kind, &payload)
			if json.Unmarshal(payload, &of) == nil {
				jobs[of.Ticket] = append(jobs[of.Ticket], kind)
			}
			return err
		}, `SELECT kind, payload FROM job WHERE state = 'running' OR state = 'ready' AND run_at > $1`, late)
		if err != nil {
			return err
		}
		statement, args := `SELECT id, ref, state FROM ticket`, []any(nil)
		if len(refs) > 0 {
			names := make([]string, len(refs))
			for i, ref := range refs {
				names[i] = fmt.Sprintf("$%d", i+1)
				args = append(args, ref)
			}
			statement += " WHERE ref IN (" + strings.Join(names, ", ") + ")"
		}
		return eachRow(ctx, tx, func(found *sql.Rows) error {
			var id, state string
			var r monthRow
			if err := found.Scan(&id, &r.ref, &state); err != nil {
				return err
			}
			r.jobs = jobs[id]
			rows = append(rows, r)
			return json.Unmarshal([]byte(state), &rows[len(rows)-1].state)
		}, statement, args...)
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return rows
}

// eachRow calls fn for every row of a query.
func eachRow(ctx context.Context, tx desk.Tx, fn func(*sql.Rows) error, statement string, args ...any) (err error) {
	rows, err := tx.(queue.Tx).Query(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// alertLasts is for how long an alert counts: what is still so is told again after a day at the most.
const alertLasts = 24*time.Hour + 30*time.Minute

// fault says what is wrong with a ticket; "" when it is looked after, or nothing of ours is open on it.
func (j *monthJudge) fault(m *month, r *monthRow) string {
	m.desk.mu.Lock()
	waits := m.desk.tickets[r.ref].waits()
	ended := m.desk.tickets[r.ref].status.Ended()
	m.desk.mu.Unlock()
	h := r.state.Handoff
	has := func(kinds ...string) bool {
		return slices.ContainsFunc(r.jobs, func(kind string) bool { return slices.Contains(kinds, kind) })
	}
	alerted := time.Since(m.slack.told(r.ref)) < alertLasts
	open := h != nil && (h.State == "open" || h.State == "claimed" || h.State == "taken")
	for _, reply := range r.state.Replies {
		if (reply.State == "approved" || reply.State == "sending" || reply.State == "unknown") && !has("send-reply") {
			return "a reply is " + reply.State + " and no job sends it"
		}
		if reply.State == "ask" && !open && !alerted && !ended {
			return "nobody can tell whether an answer arrived, and nobody was told"
		}
	}
	switch {
	case open && h.State == "claimed" && h.Owner != "" || open && h.State == "taken":
		return ""
	case open && !has("sla", "stated-time", "assess") && !alerted:
		return "the hand-off is open, no timer runs and nobody was told"
	case open:
		return ""
	case waits && !has("assess", "send-reply", "set-status") && (r.state.Decision == nil || r.state.Decision.Leave == "") && !alerted && !ended:
		return "the customer waits, nothing is open and no job runs"
	}
	return ""
}

// suspect looks at all tickets.
func (j *monthJudge) suspect(m *month) {
	m.t.Helper()
	j.suspects = map[string]string{}
	rows := j.rows(m, nil)
	known := map[string]bool{}
	for i := range rows {
		known[rows[i].ref] = true
		if why := j.fault(m, &rows[i]); why != "" {
			j.suspects[rows[i].ref] = why
		}
	}
	m.desk.mu.Lock()
	defer m.desk.mu.Unlock()
	for ref, t := range m.desk.tickets {
		if !known[ref] && time.Since(t.changed) > 15*time.Minute {
			j.findings = append(j.findings, fmt.Sprintf("%s: #%s: Warmline has never heard of it", time.Since(m.began), ref))
		}
	}
	j.walks, j.walked = j.walks+1, j.walked+len(rows)
}

// watch looks at the suspects every minute: who is looked after for a moment is none.
func (j *monthJudge) watch(m *month) {
	m.t.Helper()
	if len(j.suspects) == 0 {
		return
	}
	rows := j.rows(m, slices.Collect(maps.Keys(j.suspects)))
	for i := range rows {
		if j.fault(m, &rows[i]) == "" {
			delete(j.suspects, rows[i].ref)
		}
	}
}

// confirm makes findings of the suspects that are left after a quarter of an hour.
func (j *monthJudge) confirm(m *month) {
	m.t.Helper()
	for ref, why := range j.suspects {
		j.findings = append(j.findings, fmt.Sprintf("%s: #%s: %s", time.Since(m.began), ref, why))
	}
	j.suspects = nil
}

// nothingTwice looks for what was sent or posted twice: a reply, an answer to the same words, a card, a post.
func (j *monthJudge) nothingTwice(m *month) {
	m.desk.mu.Lock()
	defer m.desk.mu.Unlock()
	for ref, t := range m.desk.tickets {
		marked := map[string]int{}
		answered := 0
		for _, msg := range t.content.Messages {
			switch {
			case !msg.Public || msg.Role == escalate.RoleAgent:
			case msg.Role == escalate.RoleCustomer:
				answered = 0
			default:
				if marked[msg.Marker]++; marked[msg.Marker] > 1 {
					j.findings = append(j.findings, fmt.Sprintf("#%s: sent twice: %s", ref, msg.Text))
				}
				if strings.Contains(msg.Text, "AI assistant") {
					if answered++; answered > 1 {
						j.findings = append(j.findings, fmt.Sprintf("#%s: the same words were answered twice by the AI", ref))
					}
				}
			}
		}
	}
	m.slack.mu.Lock()
	defer m.slack.mu.Unlock()
	for _, what := range m.slack.twice {
		j.findings = append(j.findings, "posted twice: "+what)
	}
}

// nonEmpty makes sure that there was something to judge.
func (j *monthJudge) nonEmpty(m *month) {
	if m.opened < 20 || j.walked < 100 || len(m.slack.notices) == 0 || m.done["job lost"] == 0 || m.done[string(desk.ActClaim)] == 0 {
		j.findings = append(j.findings, fmt.Sprintf("too little happened to judge: %d tickets, %d walked, %d alerts, %v", m.opened, j.walked, len(m.slack.notices), m.done))
	}
}
