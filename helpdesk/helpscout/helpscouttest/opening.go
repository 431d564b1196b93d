package helpscouttest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

// openConversation makes a conversation of its customer's first message.
func (f *Fake) openConversation(w http.ResponseWriter, r *http.Request) {
	fields, ok := fieldsOf(w, r, "subject", "type", "mailboxId", "status", "customer", "threads", "tags", "assignTo", "autoReply", "imported", "createdAt", "fields", "user")
	if !ok {
		return
	}
	subject, _ := fields["subject"].(string)
	kind, _ := fields["type"].(string)
	status, _ := fields["status"].(string)
	customer, _ := fields["customer"].(map[string]any)
	email, _ := customer["email"].(string)
	first, _ := customer["firstName"].(string)
	last, _ := customer["lastName"].(string)
	threads, _ := fields["threads"].([]any)
	inbox := idOf(fields["mailboxId"])
	isInbox := slices.ContainsFunc(f.Mailboxes, func(m Mailbox) bool { return strconv.FormatInt(m.ID, 10) == inbox })
	if subject == "" || kind != "email" || status == "" || email == "" || len(threads) != 1 || !isInbox {
		invalidRequest(w, []invalid{without("subject, type, mailboxId, status, customer or threads")})
		return
	}
	thread, _ := threads[0].(map[string]any)
	text, _ := thread["text"].(string)
	if thread["type"] != "customer" || text == "" || thread["customer"] == nil {
		invalidRequest(w, []invalid{without("threads[0]")})
		return
	}
	var tags []string
	list, _ := fields["tags"].([]any)
	for _, one := range list {
		name, _ := one.(string)
		tags = append(tags, strings.ToLower(name))
	}
	t := f.Book.Open(helpdesktest.Ticket{
		Subject: subject, Status: status, Channel: kind, Tags: tags, Customer: escalate.Customer{Name: strings.TrimSpace(first + " " + last), Email: email},
		Extra: map[string]any{"mailbox": inbox},
	})
	f.Says(t.ID, helpdesktest.Message{Role: escalate.RoleCustomer, Author: email, Public: true, Body: text}, "")
	f.created(w, r, "/v2/conversations", t.ID)
}
