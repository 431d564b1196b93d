package hubspot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// The properties of a ticket that are read, by their internal names.
const (
	modified  = "hs_lastmodifieddate"
	mergedIDs = "hs_merged_object_ids"
)

var ticketProperties = []string{
	"subject", "content", "createdate", modified, "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "hubspot_owner_id", "source_type",
	"first_agent_reply_date", "hs_time_to_first_response_sla_at", "hs_time_to_next_response_sla_at", "hs_time_to_close_sla_at",
}

// properties are all that a reading asks for, the account's own included. One that the account lacks is passed over by HubSpot.
func (c *Connector) properties() []string {
	names := slices.Clone(ticketProperties)
	for _, own := range []string{c.category, c.tags, c.value} {
		if own != "" && !slices.Contains(names, own) {
			names = append(names, own)
		}
	}
	return names
}

// Read implements desk.Helpdesk. The ticket is read first: what is said while its threads are read is in the threads.
func (c *Connector) Read(ctx context.Context, id string) (*desk.Snapshot, error) {
	t, err := c.ticket(ctx, id)
	if err != nil {
		return nil, err
	}
	if into := string(t.ID); into != id {
		return &desk.Snapshot{Status: escalate.StatusGone, Merged: into}, nil
	}
	talk, err := c.talk(ctx, t)
	if err != nil {
		return nil, err
	}
	return c.snapshot(ctx, t, talk)
}

// ticket reads a ticket. One that was merged into another comes back as that one, whose id then differs from what was asked for.
func (c *Connector) ticket(ctx context.Context, id string) (*record, error) {
	const op = "read ticket"
	var t record
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Path: ticketPath(id), Query: url.Values{
		"properties": {strings.Join(c.properties(), ",")}, "associations": {"contacts,notes"},
	}}, &t)
	switch {
	case errors.Is(err, desk.ErrNotFound):
		return c.winner(ctx, id, err)
	case err != nil:
		return nil, err
	case t.ID == "":
		return nil, fmt.Errorf("%s: the answer has no id", op)
	case t.Archived:
		return c.winner(ctx, id, fmt.Errorf("%s: %w: it is in HubSpot's recycle bin", op, desk.ErrNotFound))
	}
	return &t, nil
}

// winner looks for the ticket that one which is not there went into; gone when there is none.
func (c *Connector) winner(ctx context.Context, id string, gone error) (*record, error) {
	if strings.Trim(id, "0123456789") != "" { // no id of HubSpot's, so in no list of merged ones
		return nil, gone
	}
	found, err := c.find(ctx, "find merged ticket", query{
		Groups: []group{{Filters: []filter{{mergedIDs, "CONTAINS_TOKEN", id}}}}, Sorts: []order{}, Properties: []string{mergedIDs}, Limit: 10, After: "0",
	})
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		return nil, gone // an account that cannot be searched by it
	}
	if err != nil {
		return nil, err
	}
	for i := range found.Results {
		r := &found.Results[i]
		if r.ID != "" && string(r.ID) != id && slices.Contains(list(r.Properties[mergedIDs]), id) {
			return r, nil
		}
	}
	return nil, gone
}

// standing is ticket for a write: what was merged away takes none, and the caller decides after another reading.
func (c *Connector) standing(ctx context.Context, op, id string) (*record, error) {
	t, err := c.ticket(ctx, id)
	switch {
	case errors.Is(err, desk.ErrNotFound):
		return nil, err
	case err != nil:
		return nil, nothingSent(op, err)
	case string(t.ID) != id:
		return nil, &desk.Refused{Op: op, Why: fmt.Sprintf("ticket %s was merged into %s; read it again and write there", id, t.ID), Moved: true}
	}
	return t, nil
}

func ticketPath(id string) []string { return []string{"crm", "v3", "objects", "tickets", id} }

func threadPath(rest ...string) []string {
	return append([]string{"conversations", "v3", "conversations", "threads"}, rest...)
}

// list splits a property that holds several values.
func list(value text) (all []string) {
	for one := range strings.SplitSeq(string(value), ";") {
		if one = strings.TrimSpace(one); one != "" && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// talk is what was said on a ticket, in whichever threads.
type talk struct {
	threads  []thread  // oldest first
	messages []message // oldest first; what somebody wrote, notes of the record included, and nothing of the system's
	said     bool      // a thread holds some of them
	customer contact
}

type contact struct{ id, name, email string }

// talk reads all threads of a ticket, each to its end.
func (c *Connector) talk(ctx context.Context, t *record) (*talk, error) {
	out := &talk{}
	var err error
	if out.threads, err = c.threads(ctx, string(t.ID)); err != nil {
		return nil, err
	}
	seen := map[text]bool{}
	for i := range out.threads {
		if err := c.readThread(ctx, out, &out.threads[i], seen); err != nil {
			return nil, notOfTheTicket(err)
		}
	}
	notes, err := c.notes(ctx, t)
	if err != nil {
		return nil, notOfTheTicket(err)
	}
	out.said = len(out.messages) > 0
	out.messages = append(out.messages, notes...)
	slices.SortStableFunc(out.messages, func(a, b message) int { return a.CreatedAt.time().Compare(b.CreatedAt.time()) })
	if out.customer, err = c.customer(ctx, t, out); err != nil {
		return nil, notOfTheTicket(err)
	}
	return out, nil
}

// notOfTheTicket keeps a thread that is not there from reading as a ticket that is not there.
func notOfTheTicket(err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return errors.New(err.Error())
	}
	return err
}

func (c *Connector) readThread(ctx context.Context, out *talk, th *thread, seen map[text]bool) error {
	entries, err := all[message](ctx, c, helpdesk.Call{Op: "read thread", Path: threadPath(string(th.ID), "messages"), Query: url.Values{"limit": {"100"}}})
	if errors.Is(err, desk.ErrNotFound) {
		return nil // deleted since it was listed
	}
	if err != nil {
		return err
	}
	// In which direction a thread is listed is not documented, and matters within one millisecond.
	if n := len(entries); n > 1 && entries[0].CreatedAt.time().After(entries[n-1].CreatedAt.time()) {
		slices.Reverse(entries)
	}
	for _, m := range entries {
		if m.Type != kindMessage && m.Type != kindComment || m.Archived || m.ID == "" || seen[m.ID] || m.failed() {
			continue
		}
		seen[m.ID] = true
		m.thread = th
		if m.truncated() {
			if err := c.original(ctx, th.ID, &m); err != nil {
				return err
			}
		}
		out.messages = append(out.messages, m)
	}
	return nil
}

// failed reports that HubSpot took a message and then could not send it: nobody received it, so it is none.
func (m *message) failed() bool {
	return m.Direction == outgoing && m.Status != nil && strings.EqualFold(string(m.Status.Type), "FAILED")
}

// truncated reports whether a part of what somebody wrote is missing. Cut to the newest reply, only what it quotes is.
func (m *message) truncated() bool {
	return m.Truncation != "" && m.Truncation != "NOT_TRUNCATED" && m.Truncation != "TRUNCATED_TO_MOST_RECENT_REPLY"
}

// original reads the whole text of a message of which the thread shows a part.
func (c *Connector) original(ctx context.Context, thread text, m *message) error {
	var whole struct {
		Text     text `json:"text"`
		RichText text `json:"richText"`
	}
	err := c.http.Do(ctx, helpdesk.Call{
		Op: "read whole message", Path: threadPath(string(thread), "messages", string(m.ID), "original-content"),
	}, &whole)
	if err != nil {
		return err
	}
	if whole.Text != "" || whole.RichText != "" {
		m.Text, m.RichText = whole.Text, whole.RichText
	}
	return nil
}

// customer is whose ticket it is: the contact of its first thread that has one, else the first that the ticket has.
func (c *Connector) customer(ctx context.Context, t *record, of *talk) (contact, error) {
	var id text
	for i := range of.threads {
		id = cmp.Or(id, of.threads[i].Contact)
	}
	if contacts := t.Associations["contacts"].Results; id == "" && len(contacts) > 0 {
		id = contacts[0].ID
	}
	if id == "" {
		return firstSender(of), nil
	}
	found, err := c.contactByID(ctx, string(id))
	if errors.Is(err, desk.ErrNotFound) {
		return firstSender(of), nil
	}
	return found, err
}

// firstSender is who wrote first, where no contact of the CRM is known.
func firstSender(of *talk) contact {
	for i := range of.messages {
		if m := &of.messages[i]; m.inbound() && len(m.Senders) > 0 {
			from := &m.Senders[0]
			email := from.email()
			return contact{id: strings.TrimPrefix(string(from.ActorID), visitor), name: helpdesk.Clean(cmp.Or(string(from.Name), email)), email: email}
		}
	}
	return contact{}
}

// find makes a search of the CRM's tickets, at the pace that searches have.
func (c *Connector) find(ctx context.Context, op string, q query) (*page[record], error) {
	var p page[record]
	err := c.search.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPost, Path: ticketPath("search"), Body: q, Reads: true,
	}, &p)
	if errors.Is(err, desk.ErrNotFound) {
		return nil, notOfTheTicket(err)
	}
	return &p, err
}

// query is a search of the CRM. Its specification requires all five members.
type query struct {
	Groups     []group  `json:"filterGroups"`
	Sorts      []order  `json:"sorts"`
	Properties []string `json:"properties"`
	Limit      int      `json:"limit"`
	After      string   `json:"after"`
}

// order is how what is found is sorted: its documentation shows objects, its specification says strings. What is documented is sent.
type order struct {
	Property  string `json:"propertyName"`
	Direction string `json:"direction"`
}

const ascending, descending = "ASCENDING", "DESCENDING"

type group struct {
	Filters []filter `json:"filters"`
}

type filter struct {
	Property string `json:"propertyName"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}
