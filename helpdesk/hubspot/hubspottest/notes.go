package hubspottest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// isNote reports whether a message is a note on the ticket's record, which is in no thread.
func isNote(m *helpdesktest.Message) bool { return m.Extra["note"] == true }

// PutNote adds a note to a ticket's record as a user does.
func (f *Fake) PutNote(ticket string, by helpdesktest.Agent, text string) {
	f.Book.Add(ticket, helpdesktest.Message{
		Role: escalate.RoleAgent, Author: Actor(by), Body: richtext.HTML(text), Extra: map[string]any{"note": true, "client": "CRM_UI", "app": "userId:" + userID(by)},
	})
}

func (f *Fake) notesOf(t *helpdesktest.Ticket) (ids []any) {
	for i := range t.Messages {
		if isNote(&t.Messages[i]) {
			ids = append(ids, map[string]any{"id": t.Messages[i].ID, "type": "ticket_to_note"})
		}
	}
	return ids
}

// tie is an association of a new record.
type tie struct {
	To struct {
		ID string `json:"id"`
	} `json:"to"`
	Types []struct {
		Category string `json:"associationCategory"`
		ID       int    `json:"associationTypeId"`
	} `json:"types"`
}

// tied is the id that a new record is tied to by a number of HubSpot's; "" when it is not.
func tied(all []tie, by int) string {
	for _, a := range all {
		if len(a.Types) == 1 && a.Types[0].Category == "HUBSPOT_DEFINED" && a.Types[0].ID == by {
			return a.To.ID
		}
	}
	return ""
}

func (f *Fake) makeNote(r *http.Request) (int, any, *failure) {
	var in struct {
		Properties   map[string]string `json:"properties"`
		Associations []tie             `json:"associations"`
	}
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	t, fail := f.standing(tied(in.Associations, 228))
	if fail != nil {
		return 0, nil, bad("associations: no such ticket")
	}
	if in.Properties["hs_note_body"] == "" || in.Properties["hs_timestamp"] == "" {
		return 0, nil, bad("hs_timestamp is required")
	}
	m := helpdesktest.Message{
		ID: strconv.FormatInt(52000000000+f.Book.Next(), 10), Role: escalate.RoleAgent, Body: in.Properties["hs_note_body"],
		Extra: map[string]any{"note": true, "client": "INTEGRATION", "app": App},
	}
	for id := range strings.SplitSeq(in.Properties["hs_attachment_ids"], ";") {
		if file, ok := f.uploaded(id); ok {
			m.Files = append(m.Files, file)
		} else if id != "" {
			return 0, nil, bad("hs_attachment_ids: %s is no file", id)
		}
	}
	f.Book.Add(t.ID, m)
	return http.StatusCreated, map[string]any{"id": m.ID, "properties": in.Properties, "archived": false}, nil
}

// readMany is a reading by ids. What is not there is passed over, and the answer says so with its status.
func (f *Fake) readMany(show func(id string, names []string) (any, bool)) handler {
	return func(r *http.Request) (int, any, *failure) {
		var in struct {
			Properties []string `json:"properties"`
			Inputs     []struct {
				ID string `json:"id"`
			} `json:"inputs"`
		}
		if fail := decode(r, &in); fail != nil {
			return 0, nil, fail
		}
		if len(in.Inputs) == 0 || len(in.Inputs) > 100 {
			return 0, nil, bad("inputs: 1 to 100")
		}
		results, status := []any{}, http.StatusOK
		for _, one := range slices.Backward(in.Inputs) { // in no order that anybody promised
			if v, ok := show(one.ID, in.Properties); ok {
				results = append(results, v)
			} else {
				status = http.StatusMultiStatus
			}
		}
		return status, map[string]any{"status": "COMPLETE", "results": results, "startedAt": nil, "completedAt": nil}, nil
	}
}

func (f *Fake) showNote(id string, names []string) (any, bool) {
	for _, t := range f.Book.Tickets(nil) {
		for i := range t.Messages {
			if m := &t.Messages[i]; m.ID == id && isNote(m) {
				return f.note(m, names), true
			}
		}
	}
	return nil, false
}

func (f *Fake) note(m *helpdesktest.Message, names []string) any {
	var files []string
	for i := range m.Files {
		files = append(files, fileID(*m, i))
	}
	all := map[string]any{
		"hs_note_body": m.Body, "hs_timestamp": stamp(m.At), "hs_attachment_ids": nil, "hs_created_by_user_id": nil,
		"hs_object_source": m.Extra["client"], "hs_object_source_id": m.Extra["app"],
	}
	if user, ok := strings.CutPrefix(m.Author, "A-"); ok {
		all["hs_created_by_user_id"] = user
	}
	if len(files) > 0 {
		all["hs_attachment_ids"] = strings.Join(files, ";")
	}
	if f.NoClient {
		all["hs_object_source"], all["hs_object_source_id"] = nil, nil
	}
	properties := map[string]any{"hs_object_id": m.ID}
	for _, name := range names {
		properties[name] = all[name]
	}
	return map[string]any{"id": m.ID, "properties": properties, "createdAt": stamp(m.At), "archived": false}
}
