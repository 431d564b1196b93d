package freshdesktest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// Members of Message.Extra and Ticket.Extra that only Freshdesk has.
const (
	extraSource     = "source"       // of a conversation
	extraStructured = "structured"   // the text of a web chat
	extraUser       = "user"         // who wrote it, where that is neither an agent nor the requester
	extraSaid       = "private said" // a note's request said whether it is private
	extraChat       = "web chat"     // a ticket whose replies must be structured
	extraArchived   = "archived"
	extraSpam       = "spam"
	extraDue        = "due" // deadlines that show from a time on
)

// laterDue are deadlines that are being worked out.
type laterDue struct {
	due  desk.Deadlines
	from time.Time
}

// stamp is a time as Freshdesk writes it: to the second. nil for none.
func stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Truncate(time.Second).Format(time.RFC3339)
}

func asNumber(text string) any {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return n
}

// showTicket is a ticket as it is viewed; with nulls and members that nobody here reads, as in life.
func (f *Fake) showTicket(t helpdesktest.Ticket, with map[string]bool, host string, listed bool) map[string]any {
	due := t.Due
	if later, ok := t.Extra[extraDue].(laterDue); ok && !f.now().Before(later.from) {
		due = later.due
	}
	first := t.Messages[0]
	out := map[string]any{
		"cc_emails": []string{}, "fwd_emails": []string{}, "reply_cc_emails": []string{}, "ticket_cc_emails": nil, "fr_escalated": false,
		"spam": t.Extra[extraSpam] == true, "email_config_id": nil, "group_id": nil, "priority": asNumber(t.Priority), "requester_id": f.contact(t.Customer.Email),
		"responder_id": asNumber(t.Assignee), "source": asNumber(t.Channel), "company_id": nil, "status": asNumber(t.Status), "subject": t.Subject,
		"association_type": nil, "to_emails": nil, "product_id": asNumber(t.Brand), "id": asNumber(t.ID), "type": nil, "due_by": stamp(due.Resolution),
		"fr_due_by": stamp(due.FirstResponse), "nr_due_by": stamp(due.NextResponse), "is_escalated": false, "nr_escalated": false,
		"custom_fields": map[string]any{"cf_order": nil, "cf_worth": worth(t)}, "created_at": stamp(t.Created), "updated_at": stamp(t.Updated), "tags": tagsOf(t),
		"source_additional_info": nil, "form_id": 43000140000, "structured_description": nil, "sentiment_score": 41,
	}
	if t.Deleted {
		out["deleted"] = true
	}
	if !listed || with["description"] {
		out["description"], out["description_text"] = div(first.Body), squeezed(first.Body)
		out["attachments"] = f.showFiles(t, 0, host)
		if text, ok := first.Extra[extraStructured].(string); ok {
			out["structured_description"] = structured(text)
		}
	}
	if with["requester"] {
		out["requester"] = map[string]any{"id": f.contact(t.Customer.Email), "name": t.Customer.Name, "email": t.Customer.Email, "mobile": nil, "phone": nil}
	}
	if with["stats"] {
		out["stats"] = f.showStats(t)
	}
	return out
}

// worth is what somebody typed into the account's own field.
func worth(t helpdesktest.Ticket) any {
	if t.Value == "" {
		return nil
	}
	return helpdesktest.Typed(t.Value)
}

func tagsOf(t helpdesktest.Ticket) []string { return append([]string{}, t.Tags...) }

func (f *Fake) showStats(t helpdesktest.Ticket) map[string]any {
	out := map[string]any{"closed_at": nil, "resolved_at": nil, "pending_since": nil, "reopened_at": nil, "first_responded_at": nil, "status_updated_at": stamp(t.Created)}
	for _, m := range t.Messages[1:] {
		if m.Public && m.Role != escalate.RoleCustomer && m.Role != escalate.RoleParticipant {
			out["first_responded_at"] = stamp(m.At)
			break
		}
	}
	return out
}

// showConversation is one reply or note. Real ones carry all of these, most of them null.
func (f *Fake) showConversation(t helpdesktest.Ticket, at int, host string) map[string]any {
	m := t.Messages[at]
	source := m.Extra[extraSource]
	if source == nil {
		source = 0
	}
	out := map[string]any{
		"body": div(m.Body), "body_text": squeezed(m.Body), "id": asNumber(m.ID), "incoming": incoming(m), "private": !m.Public,
		"user_id": f.user(m), "support_email": nil, "source": source, "category": 3, "to_emails": []string{}, "from_email": f.from(m), "cc_emails": nil,
		"bcc_emails": nil, "email_failure_count": nil, "outgoing_failures": nil, "thread_id": nil, "thread_message_id": nil, "created_at": stamp(m.At),
		"updated_at": stamp(m.At), "last_edited_at": stamp(m.Edited), "last_edited_user_id": nil, "attachments": f.showFiles(t, at, host),
		"automation_id": nil, "automation_type_id": nil, "auto_response": false, "ticket_id": asNumber(t.ID), "threading_type": nil,
		"delivery_details": map[string]any{"failed_emails": []any{}, "pending_emails": []any{}}, "structured_body": nil,
	}
	if text, ok := m.Extra[extraStructured].(string); ok {
		out["structured_body"] = structured(text)
	}
	return out
}

func structured(text string) map[string]any {
	return map[string]any{"body_contents": []any{map[string]any{"type": "text", "data": map[string]any{"text": text}}}}
}

func incoming(m helpdesktest.Message) bool {
	return m.Role == escalate.RoleCustomer || m.Role == escalate.RoleParticipant
}

// user is who wrote a message; null for what a rule of the account wrote.
func (f *Fake) user(m helpdesktest.Message) any {
	if who, ok := m.Extra[extraUser]; ok {
		return who
	}
	if incoming(m) {
		return f.contact(m.Author)
	}
	return asNumber(m.Author)
}

func (f *Fake) from(m helpdesktest.Message) any {
	if !incoming(m) {
		return nil
	}
	name, _, _ := strings.Cut(m.Author, "@")
	return name + " <" + m.Author + ">"
}

// contact is the number of whoever has an e-mail address.
func (f *Fake) contact(email string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	email = strings.ToLower(email)
	if f.contacts[email] == 0 {
		f.contacts[email] = 43026440000 + int64(len(f.contacts)) + 1
	}
	return f.contacts[email]
}

// div is how bodies come back: in a div, whatever was sent.
func div(html string) string { return "<div>" + html + "</div>" }

// squeezed is the vendor's own text of a body, in which lines run together; nobody should read it.
func squeezed(html string) string { return strings.Join(strings.Fields(richtext.Text(html)), " ") }

const filesPath = "/data/helpdesk/attachments/production/"

// fileID numbers a file by its ticket, its message and its place.
func fileID(t helpdesktest.Ticket, message, at int) int64 {
	return t.Number*1_000_000 + int64(message)*100 + int64(at) + 1
}

func (f *Fake) showFiles(t helpdesktest.Ticket, message int, host string) []map[string]any {
	out := []map[string]any{}
	for i, file := range t.Messages[message].Files {
		number := fileID(t, message, i)
		base := f.FileURL
		if base == "" {
			base = "http://" + host
		}
		address := base + filesPath + strconv.FormatInt(number, 10) + "/original/" + url.PathEscape(file.Name) + "?X-Amz-Expires=300&X-Amz-Signature=" + strconv.FormatInt(number*7919, 16)
		out = append(out, map[string]any{
			"id": number, "content_type": file.Type, "size": len(file.Body), "name": file.Name, "attachment_url": address,
			"created_at": t.Created.In(time.FixedZone("IST", 19800)).Format("2006-01-02T15:04:05-07:00"), "updated_at": nil, "thumb_url": nil,
		})
	}
	return out
}

// serveFile serves a file as Amazon's S3 does: by the signature in its address, and to nobody who brings other credentials.
func (f *Fake) serveFile(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "Only one auth mechanism allowed", http.StatusBadRequest)
		return
	}
	text, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, filesPath), "/")
	number, _ := strconv.ParseInt(text, 10, 64)
	if r.URL.Query().Get("X-Amz-Signature") != strconv.FormatInt(number*7919, 16) {
		http.Error(w, "AccessDenied", http.StatusForbidden)
		return
	}
	for _, t := range f.Book.Tickets(func(t *helpdesktest.Ticket) bool { return t.Number == number/1_000_000 }) {
		message, at := int(number%1_000_000/100), int(number%100)-1
		if message < len(t.Messages) && at >= 0 && at < len(t.Messages[message].Files) {
			file := t.Messages[message].Files[at]
			w.Header().Set("Content-Type", file.Type)
			_, _ = w.Write(file.Body) // whoever asked has gone
			return
		}
	}
	http.Error(w, "NoSuchKey", http.StatusNotFound)
}
