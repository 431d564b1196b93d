package fronttest

import (
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Mailbox is the address of the shared mailbox, and Inbox the id of its inbox.
const (
	Mailbox = "support@shop.example"
	Inbox   = "inb_1ix6"
)

// listChannels has a teammate's own mailbox and a chat before the one that all share.
func (f *Fake) listChannels() (int, any, *failure) {
	one := func(id, kind, address string, private, valid bool, inbox string) any {
		return map[string]any{
			"_links": map[string]any{"self": api("channels", id), "related": map[string]any{"inbox": api("inboxes", inbox), "owner": nil}},
			"id":     id, "name": nil, "address": address, "type": kind, "send_as": nil, "settings": map[string]any{"undo_send_time": 0},
			"is_private": private, "is_valid": valid,
		}
	}
	return unpaged([]any{
		one("cha_1", "gmail", "ana@shop.example", true, true, "inb_1"), one("cha_2", "front_chat", "chat", false, true, "inb_2"),
		one("cha_3", "imap", "old@shop.example", false, false, "inb_3"), one("cha_4", "office365", Mailbox, false, true, Inbox),
		one("cha_5", "smtp", "orders@shop.example", false, true, "inb_5"),
	})
}

// conversationsOf lists those of a contact, newest first.
func (f *Fake) conversationsOf(r *http.Request, alias string) (int, any, *failure) {
	email, _ := strings.CutPrefix(alias, "alt:email:")
	all := f.book.Tickets(func(t *helpdesktest.Ticket) bool {
		return strings.EqualFold(t.Customer.Email, email) && !t.Deleted && t.Merged == "" && !f.now().Before(t.Created.Add(f.Lag))
	})
	if len(all) == 0 {
		return 0, nil, notFound()
	}
	slices.Reverse(all)
	return list(r, 100, all, func(t helpdesktest.Ticket) any { return f.conversation(t) })
}

// toImport is a message that is imported.
type toImport struct {
	Sender struct {
		AuthorID string `json:"author_id"`
		Name     string `json:"name"`
		Handle   string `json:"handle"`
	} `json:"sender"`
	To         []string `json:"to"`
	Subject    string   `json:"subject"`
	Body       string   `json:"body"`
	BodyFormat string   `json:"body_format"`
	ExternalID string   `json:"external_id"`
	CreatedAt  int64    `json:"created_at"`
	Type       string   `json:"type"`
	Tags       []string `json:"tags"`
	Metadata   struct {
		ThreadRef string `json:"thread_ref"`
		Inbound   *bool  `json:"is_inbound"`
		Archived  *bool  `json:"is_archived"`
		SkipRules *bool  `json:"should_skip_rules"`
	} `json:"metadata"`
}

// takeImport imports a customer's message. An external id counts once, and the answer does not say so; without a thread of its own a
// message goes into the sender's newest conversation; and what is not told otherwise is archived.
func (f *Fake) takeImport(r *http.Request) (int, any, *failure) {
	var in toImport
	if fail := body(r, &in); fail != nil {
		return 0, nil, fail
	}
	if in.Sender.Handle == "" || len(in.To) == 0 || in.Body == "" || in.ExternalID == "" || in.CreatedAt == 0 || in.Metadata.Inbound == nil {
		return 0, nil, bad("body: sender, to, body, external_id, created_at and metadata.is_inbound are required")
	}
	accepted := func(id string) (int, any, *failure) {
		return 202, map[string]any{"status": "accepted", "message_uid": uidOf(id)}, nil
	}
	if len(f.book.Tickets(func(t *helpdesktest.Ticket) bool { return t.Extra["external_id"] == in.ExternalID })) > 0 {
		return accepted("msg_" + base36(f.book.Next())) // of a message that never comes
	}
	text := in.Body
	if in.BodyFormat != "html" {
		text = richtext.HTML(in.Body)
	}
	m := helpdesktest.Message{
		ID: "msg_" + base36(f.book.Next()), Role: escalate.RoleCustomer, Public: true, Body: text, Extra: map[string]any{"late": true},
	}
	f.book.Add(f.threaded(in), m)
	return accepted(m.ID)
}

// threaded is the conversation that an imported message goes into.
func (f *Fake) threaded(in toImport) string {
	if in.Metadata.ThreadRef == "" {
		for _, t := range slices.Backward(f.book.Tickets(nil)) {
			if t.Customer.Email == in.Sender.Handle {
				return t.ID
			}
		}
	}
	status := "open"
	if in.Metadata.Archived == nil || *in.Metadata.Archived {
		status = "archived"
	}
	return f.book.Open(helpdesktest.Ticket{
		Subject: in.Subject, Status: status, Tags: in.Tags, Customer: escalate.Customer{Name: in.Sender.Name, Email: in.Sender.Handle},
		Extra: map[string]any{"external_id": in.ExternalID, "ruled": in.Metadata.SkipRules != nil && !*in.Metadata.SkipRules},
	}).ID
}
