package hubspot

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// A ticket that somebody made by hand, or a program did, has no thread. What stands there of it are the notes on its record, which only the
// team sees. They are read with every ticket, and are where our own note goes where there is no thread.

// noteID is what the id of such a note begins with among messages.
const noteID = "note-"

// noteToTicket is HubSpot's number of the association (https://developers.hubspot.com/docs/reference/api/crm/associations).
const noteToTicket = 228

// noteProperties are those of a note that are read. The last two say what it came by, as a message of a thread does.
var noteProperties = []string{
	"hs_note_body", "hs_timestamp", "hs_created_by_user_id", "hs_attachment_ids", "hs_object_source", "hs_object_source_id",
}

// batch is a reading of many records by their ids.
type batch struct {
	Properties []string `json:"properties"`
	Inputs     []to     `json:"inputs"`
}

// mostInputs is how many records one reading may ask for.
const mostInputs = 100

// records reads many records of a kind, in the order of their ids. What is not there, or is not shown to us, is left out.
func (c *Connector) records(ctx context.Context, op, kind string, properties []string, ids []to) (found []record, err error) {
	for some := range slices.Chunk(ids, mostInputs) {
		var p page[record]
		err := c.http.Do(ctx, helpdesk.Call{
			Op: op, Method: http.MethodPost, Path: []string{"crm", "v3", "objects", kind, "batch", "read"}, Body: batch{properties, some}, Reads: true,
		}, &p)
		if err != nil {
			return nil, err
		}
		found = append(found, p.Results...)
	}
	at := make(map[text]int, len(ids))
	for i, id := range ids {
		at[id.ID] = i
	}
	slices.SortStableFunc(found, func(a, b record) int { return at[a.ID] - at[b.ID] })
	return found, nil
}

// notes are those on a ticket's record, as comments in no thread.
func (c *Connector) notes(ctx context.Context, t *record) ([]message, error) {
	ids := t.Associations["notes"].Results
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := c.records(ctx, "read notes", "notes", noteProperties, ids)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		return nil, nil // a token that may not: what was said in threads is read all the same
	}
	if err != nil {
		return nil, err
	}
	var out []message
	for i := range found {
		if n := &found[i]; !n.Archived && n.ID != "" {
			out = append(out, noteOf(n))
		}
	}
	return out, nil
}

func noteOf(n *record) message {
	m := message{ID: noteID + n.ID, Type: kindComment, RichText: n.Properties["hs_note_body"], CreatedAt: n.Properties["hs_timestamp"]}
	if user := n.Properties["hs_created_by_user_id"]; user != "" {
		m.CreatedBy = agent + user
	}
	if source := n.Properties["hs_object_source"]; source != "" {
		m.Client = &client{Type: source, App: n.Properties["hs_object_source_id"]}
	}
	for _, file := range list(n.Properties["hs_attachment_ids"]) {
		m.Attachments = append(m.Attachments, attachment{FileID: text(file)})
	}
	return m
}

// newNote is a note on its way.
type newNote struct {
	Properties   map[string]string `json:"properties"`
	Associations []association     `json:"associations"`
}

// association ties a new record to one that is there.
type association struct {
	To    to                `json:"to"`
	Types []associationType `json:"types"`
}

type associationType struct {
	Category string `json:"associationCategory"`
	ID       int    `json:"associationTypeId"`
}

func tiedTo(id string, by int) []association {
	return []association{{To: to{ID: text(id)}, Types: []associationType{{"HUBSPOT_DEFINED", by}}}}
}

// postNote makes the one call that adds a note to a ticket's record.
func (c *Connector) postNote(ctx context.Context, op, ticket, body string, files []newAttachment) (escalate.MessageID, error) {
	n := newNote{Associations: tiedTo(ticket, noteToTicket), Properties: map[string]string{
		"hs_note_body": richtext.HTML(body), "hs_timestamp": c.now().UTC().Format("2006-01-02T15:04:05.000Z"),
	}}
	var ids []string
	for _, f := range files {
		ids = append(ids, f.FileID)
	}
	if len(ids) > 0 {
		n.Properties["hs_attachment_ids"] = strings.Join(ids, ";")
	}
	var made record
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"crm", "v3", "objects", "notes"}, Body: n}, &made)
	if err == nil && made.ID == "" {
		err = errors.New(op + ": the answer has no note id")
	}
	return escalate.MessageID(noteID + made.ID), err
}
