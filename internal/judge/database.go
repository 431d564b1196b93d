package judge

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
)

// records is what the database says.
type records struct {
	tickets []*ticket
	byID    map[string]*ticket
	byRef   map[string]*ticket
	cards   []card
	tokens  map[string]string // a card's token to its ticket's id
	presses map[string]press
	audits  []audit
	jobs    []job
	people  map[string]string // id to name
}

// ticket is a ticket's row and its history.
type ticket struct {
	id, ref, owner, standing string
	version                  int64
	state                    ticketState
	history                  []event
}

// ticketState is what the judge reads of a ticket's JSON.
type ticketState struct {
	Conversation struct {
		Customer string `json:"customer"`
	} `json:"conversation"`
	Decision *struct {
		Leave  string `json:"leave"`
		Newest string `json:"newest"`
	} `json:"decision"`
	Handoff *handoff  `json:"handoff"`
	Past    []handoff `json:"past"`
	Replies []reply   `json:"replies"`
}

type handoff struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Owner string `json:"owner"`
	// MovedTo is the channel in which it goes on; "" when it was given back to the AI.
	MovedTo string `json:"moved_to"`
}

func (h *handoff) active() bool {
	return h != nil && (h.State == "open" || h.State == "claimed" || h.State == "taken")
}

type reply struct {
	ID      string `json:"id"`
	Purpose string `json:"purpose"`
	State   string `json:"state"`
	Hash    string `json:"hash"`
	By      string `json:"by"`
	SendAt  string `json:"send_at"`
	Detail  string `json:"detail"`
}

func (t *ticket) reply(id string) *reply {
	for i := range t.state.Replies {
		if t.state.Replies[i].ID == id {
			return &t.state.Replies[i]
		}
	}
	return nil
}

// event is one line of a ticket's history.
type event struct {
	seq, at     int64
	actor, kind string
	body        eventBody
}

// eventBody holds the fields of all kinds of events that the judge reads. A reply is an id in most events and a
// proposal in some.
type eventBody struct {
	By       string          `json:"by"`
	To       string          `json:"to"`
	Handoff  string          `json:"handoff"`
	Reply    json.RawMessage `json:"reply"`
	Ack      *proposal       `json:"ack"`
	Decision struct {
		Way string `json:"way"`
	} `json:"decision"`
}

type proposal struct {
	ID string `json:"id"`
}

// replyID is the reply that an event is about, or "".
func (e *event) replyID() string {
	var id string
	if json.Unmarshal(e.body.Reply, &id) == nil {
		return id
	}
	var p proposal
	if json.Unmarshal(e.body.Reply, &p) == nil {
		return p.ID
	}
	return ""
}

// person reports whether a person in Slack did it.
func (e *event) person() bool {
	return e.actor != "warmline" && e.actor != "policy" && e.actor != "helpdesk"
}

type card struct {
	handoff, ticket, channel, ts, fold string
	drawn                              int64
}

type press struct {
	id, state string
	body      struct {
		Actor  string            `json:"actor"`
		Action string            `json:"action"`
		Token  string            `json:"token"`
		Fields map[string]string `json:"fields"`
	}
	ack struct {
		Errors map[string]string `json:"errors"`
	}
}

type audit struct {
	at                                      int64
	actor, action, subject, outcome, detail string
}

type job struct {
	kind, key, state, lastError string
	attempt, runAt, lease       int64
}

// load reads all tables that matter. The statements have no arguments, so that both engines take them as they are.
func load(ctx context.Context, db *sql.DB) (*records, error) {
	r := &records{
		byID: map[string]*ticket{}, byRef: map[string]*ticket{}, tokens: map[string]string{}, presses: map[string]press{},
		people: map[string]string{},
	}
	for _, table := range []struct {
		name, query string
		row         func(scan func(...any) error) error
	}{
		{"tickets", `SELECT id, ref, owner, handoff_state, version, state FROM ticket ORDER BY id`, r.addTicket},
		{"history", `SELECT ticket_id, seq, at, actor, kind, body FROM history ORDER BY ticket_id, seq`, r.addEvent},
		{"cards", `SELECT handoff, ticket_id, token, place_channel, place_ts, drawn, fold FROM card ORDER BY handoff`, r.addCard},
		{"presses", `SELECT id, state, body, ack FROM press ORDER BY at, id`, r.addPress},
		{"audit log", `SELECT at, actor, action, subject, outcome, detail FROM audit ORDER BY id`, r.addAudit},
		{"jobs", `SELECT kind, key, state, last_error, attempt, run_at, lease_until FROM job ORDER BY id`, r.addJob},
		{"people", `SELECT id, body FROM person ORDER BY id`, r.addPerson},
	} {
		if err := each(ctx, db, table.query, table.row); err != nil {
			return nil, fmt.Errorf("read %s: %w", table.name, err)
		}
	}
	return r, nil
}

func each(ctx context.Context, db *sql.DB, query string, row func(scan func(...any) error) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (r *records) addTicket(scan func(...any) error) error {
	t := new(ticket)
	var state string
	if err := scan(&t.id, &t.ref, &t.owner, &t.standing, &t.version, &state); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(state), &t.state); err != nil {
		return fmt.Errorf("state of %s: %w", t.id, err)
	}
	r.tickets = append(r.tickets, t)
	r.byID[t.id], r.byRef[t.ref] = t, t
	return nil
}

func (r *records) addEvent(scan func(...any) error) error {
	var e event
	var id, body string
	if err := scan(&id, &e.seq, &e.at, &e.actor, &e.kind, &body); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(body), &e.body); err != nil {
		return fmt.Errorf("event %d of %s: %w", e.seq, id, err)
	}
	if t := r.byID[id]; t != nil {
		t.history = append(t.history, e)
	}
	return nil
}

func (r *records) addCard(scan func(...any) error) error {
	var c card
	var token string
	if err := scan(&c.handoff, &c.ticket, &token, &c.channel, &c.ts, &c.drawn, &c.fold); err != nil {
		return err
	}
	r.cards = append(r.cards, c)
	r.tokens[token] = c.ticket
	return nil
}

func (r *records) addPress(scan func(...any) error) error {
	var p press
	var body, ack []byte
	if err := scan(&p.id, &p.state, &body, &ack); err != nil {
		return err
	}
	if err := json.Unmarshal(body, &p.body); err != nil {
		return fmt.Errorf("press %s: %w", p.id, err)
	}
	if len(ack) > 0 {
		if err := json.Unmarshal(ack, &p.ack); err != nil {
			return fmt.Errorf("acknowledgement of press %s: %w", p.id, err)
		}
	}
	r.presses[p.id] = p
	return nil
}

func (r *records) addAudit(scan func(...any) error) error {
	var a audit
	if err := scan(&a.at, &a.actor, &a.action, &a.subject, &a.outcome, &a.detail); err != nil {
		return err
	}
	r.audits = append(r.audits, a)
	return nil
}

func (r *records) addJob(scan func(...any) error) error {
	var j job
	if err := scan(&j.kind, &j.key, &j.state, &j.lastError, &j.attempt, &j.runAt, &j.lease); err != nil {
		return err
	}
	r.jobs = append(r.jobs, j)
	return nil
}

func (r *records) addPerson(scan func(...any) error) error {
	var id, body string
	if err := scan(&id, &body); err != nil {
		return err
	}
	var p struct{ Name string }
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return fmt.Errorf("person %s: %w", id, err)
	}
	r.people[id] = p.Name
	return nil
}

// number is what people call a ticket.
func (r *records) number(id string) string {
	if t := r.byID[id]; t != nil {
		return t.ref
	}
	return strings.TrimSpace(id)
}
