package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

const (
	// noticeKept is for how long a delivery is remembered; no helpdesk repeats one later.
	noticeKept  = 30 * 24 * time.Hour
	noticeSweep = time.Hour
)

// AddNotice implements desk.Tickets.
func (t *tx) AddNotice(ctx context.Context, n desk.Notice) (bool, error) {
	if err := t.sweepNotices(ctx); err != nil {
		return false, fmt.Errorf("forget old notices: %w", err)
	}
	added, err := t.Exec(ctx, `
		INSERT INTO notice (desk, delivery, ref, urgent, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (desk, delivery, ref) DO NOTHING`,
		n.Ref.Desk, n.Delivery, n.Ref.ID, n.Urgent, micros(t.now))
	if err != nil {
		return false, fmt.Errorf("add notice %s: %w", n.Delivery, err)
	}
	return added > 0, nil
}

func (t *tx) sweepNotices(ctx context.Context) error {
	next := t.store.sweep.Load()
	if micros(t.now) < next || !t.store.sweep.CompareAndSwap(next, micros(t.now.Add(noticeSweep))) {
		return nil
	}
	err := t.Put(ctx, `DELETE FROM notice WHERE at < $1`, micros(t.now.Add(-noticeKept)))
	return err
}

const selectTicket = `SELECT t.state, t.version, COALESCE(c.body, '') FROM ticket t LEFT JOIN content c ON c.ticket_id = t.id `

// Ticket implements desk.Tickets.
func (t *tx) Ticket(ctx context.Context, id escalate.TicketID) (*escalate.Ticket, error) {
	found, err := t.loadTicket(ctx, selectTicket+`WHERE t.id = $1 FOR UPDATE OF t`, string(id))
	if err != nil {
		return nil, fmt.Errorf("load ticket %s: %w", id, err)
	}
	return found, nil
}

// TicketByRef implements desk.Tickets.
func (t *tx) TicketByRef(ctx context.Context, ref escalate.Ref) (*escalate.Ticket, error) {
	found, err := t.loadTicket(ctx, selectTicket+`WHERE t.desk = $1 AND t.ref = $2 FOR UPDATE OF t`, ref.Desk, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("load ticket %s of %s: %w", ref.ID, ref.Desk, err)
	}
	return found, nil
}

func (t *tx) loadTicket(ctx context.Context, statement string, args ...any) (*escalate.Ticket, error) {
	var state, content string
	var version int64
	if err := t.one(ctx, []any{&state, &version, &content}, statement, args...); err != nil {
		return nil, err
	}
	ticket := new(escalate.Ticket)
	if err := decode("ticket", state, ticket); err != nil {
		return nil, err
	}
	ticket.Version = version
	if content == "" { // erased
		return ticket, nil
	}
	return ticket, decode("content", content, &ticket.Content)
}

// CreateTicket implements desk.Tickets. A ticket without an id gets one.
func (t *tx) CreateTicket(ctx context.Context, ticket *escalate.Ticket) (escalate.TicketID, bool, error) {
	if ticket.ID == "" {
		ticket.ID = escalate.TicketID(t.NewID())
	}
	row, err := rowOf(ticket)
	if err != nil {
		return "", false, fmt.Errorf("create ticket: %w", err)
	}
	added, err := t.Exec(ctx, `
		INSERT INTO ticket (id, version, way, topic, reason, decided_at, handoff_id, handoff_state, active, owner, channel,
			due_at, opened_at, waiting_since, draft, bearer, unsettled, state, updated_at, desk, ref)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (desk, ref) DO NOTHING`,
		append(row.args(), micros(t.now), ticket.Ref.Desk, ticket.Ref.ID)...)
	if err != nil {
		return "", false, fmt.Errorf("create ticket: %w", err)
	}
	if added > 0 {
		return ticket.ID, true, t.createContent(ctx, ticket)
	}
	var id string
	err = t.one(ctx, []any{&id}, `SELECT id FROM ticket WHERE desk = $1 AND ref = $2`, ticket.Ref.Desk, ticket.Ref.ID)
	if err != nil {
		return "", false, fmt.Errorf("find ticket %s: %w", ticket.Ref.ID, err)
	}
	return escalate.TicketID(id), false, nil
}

// createContent keeps a new ticket's text; one that is yet to be read from its helpdesk has none.
func (t *tx) createContent(ctx context.Context, ticket *escalate.Ticket) error {
	if reflect.ValueOf(ticket.Content).IsZero() {
		return nil
	}
	return t.SaveContent(ctx, ticket.ID, &ticket.Content)
}

// SaveTicket implements desk.Tickets. The version counts events, so what was loaded had as many fewer as are given here.
func (t *tx) SaveTicket(ctx context.Context, ticket *escalate.Ticket, events []desk.Happened) error {
	loaded := ticket.Version - int64(len(events))
	if err := t.saveState(ctx, ticket, loaded); err != nil {
		return fmt.Errorf("save ticket %s: %w", ticket.ID, err)
	}
	for i, e := range events {
		if err := t.addHistory(ctx, ticket.ID, loaded+int64(i)+1, e); err != nil {
			return fmt.Errorf("save ticket %s: %w", ticket.ID, err)
		}
	}
	if ticket.Handoff == nil || len(events) == 0 {
		return nil
	}
	err := t.Put(ctx, `UPDATE card SET version = $2 WHERE handoff = $1`, string(ticket.Handoff.ID), ticket.Version)
	if err != nil {
		return fmt.Errorf("save ticket %s: %w", ticket.ID, err)
	}
	return nil
}

func (t *tx) saveState(ctx context.Context, ticket *escalate.Ticket, loaded int64) error {
	row, err := rowOf(ticket)
	if err != nil {
		return err
	}
	changed, err := t.Exec(ctx, `
		UPDATE ticket SET version = $2, way = $3, topic = $4, reason = $5, decided_at = $6, handoff_id = $7,
			handoff_state = $8, active = $9, owner = $10, channel = $11, due_at = $12, opened_at = $13,
			waiting_since = $14, draft = $15, bearer = $16, unsettled = $17, state = $18, updated_at = $19
		WHERE id = $1 AND version = $20`, append(row.args(), micros(t.now), loaded)...)
	if err != nil || changed > 0 {
		return err
	}
	var version int64
	if err := t.one(ctx, []any{&version}, `SELECT version FROM ticket WHERE id = $1`, string(ticket.ID)); err != nil {
		return err
	}
	return desk.ErrStale
}

func (t *tx) addHistory(ctx context.Context, id escalate.TicketID, seq int64, h desk.Happened) error {
	if h.Event == nil {
		return errors.New("add to history: no event")
	}
	if h.At.IsZero() {
		h.At = t.now
	}
	body, err := encode(h.Event)
	if err != nil {
		return err
	}
	err = t.Put(ctx, `INSERT INTO history (ticket_id, seq, at, actor, kind, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(id), seq, micros(h.At), h.Actor, h.Event.EventKind(), body)
	return err
}

// SaveContent implements desk.Tickets.
func (t *tx) SaveContent(ctx context.Context, id escalate.TicketID, c *escalate.Content) error {
	body, err := encode(c)
	if err == nil {
		err = t.Put(ctx, `
			INSERT INTO content (ticket_id, subject, number, body, read_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (ticket_id) DO UPDATE SET
				subject = excluded.subject, number = excluded.number, body = excluded.body, read_at = excluded.read_at`,
			string(id), c.Subject, c.Number, body, micros(t.now))
	}
	if err != nil {
		return fmt.Errorf("save content of ticket %s: %w", id, err)
	}
	return nil
}

// History implements desk.Tickets.
func (t *tx) History(ctx context.Context, id escalate.TicketID) ([]desk.Happened, error) {
	var list []desk.Happened
	err := t.each(ctx, func(rows *sql.Rows) error {
		var h desk.Happened
		var at int64
		var kind, body string
		if err := rows.Scan(&h.Seq, &at, &h.Actor, &kind, &body); err != nil {
			return err
		}
		event, err := escalate.DecodeEvent(kind, []byte(body))
		if err != nil {
			return fmt.Errorf("event %d: %w", h.Seq, err)
		}
		h.At, h.Event = instant(at), event
		list = append(list, h)
		return nil
	}, `SELECT seq, at, actor, kind, body FROM history WHERE ticket_id = $1 ORDER BY seq`, string(id))
	if err != nil {
		return nil, fmt.Errorf("read history of ticket %s: %w", id, err)
	}
	return list, nil
}

// ticketRow is what the columns of a ticket repeat of its state, for queries.
type ticketRow struct {
	ticket *escalate.Ticket
	state  string
}

func rowOf(t *escalate.Ticket) (ticketRow, error) {
	state, err := encode(t)
	return ticketRow{t, state}, err
}

// args are the row's columns from id to state. A decision that is not acted upon goes no way: it was only noted.
func (r ticketRow) args() []any {
	var decision escalate.Decision
	if r.ticket.Decision != nil {
		decision = *r.ticket.Decision
	}
	way := decision.Way
	if decision.Leave != "" {
		way = ""
	}
	var reason escalate.TriggerKind
	if primary := decision.Primary(); primary != nil {
		reason = primary.Kind
	}
	var handoff escalate.Handoff
	if r.ticket.Handoff != nil {
		handoff = *r.ticket.Handoff
	}
	return []any{
		string(r.ticket.ID), r.ticket.Version, string(way), decision.Topic, string(reason), micros(decision.At),
		string(handoff.ID), string(handoff.State), r.ticket.Handoff.Active(), string(handoff.Owner), handoff.Channel,
		orNever(handoff.DueAt), micros(handoff.OpenedAt), micros(r.ticket.Conversation.WaitingSince),
		r.ticket.Approvable(), string(handoff.Bearer()), r.ticket.Unsettled(), r.state,
	}
}

// decodeHandoff reads the hand-off alone out of a ticket's state.
func decodeHandoff(state string) (escalate.Handoff, error) {
	var t struct {
		Handoff escalate.Handoff `json:"handoff"`
	}
	err := json.Unmarshal([]byte(state), &t)
	return t.Handoff, err
}
