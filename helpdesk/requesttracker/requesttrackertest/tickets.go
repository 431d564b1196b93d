package requesttrackertest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

const extraRefersTo = "refers_to"

// ticket finds a ticket, or the one that it went into.
func (f *Fake) ticket(id string) (helpdesktest.Ticket, bool) {
	t, ok := f.Book.Ticket(f.effective(id))
	return t, ok && !t.Deleted
}

func (f *Fake) viewTicket(w http.ResponseWriter, r *http.Request) {
	t, ok := f.ticket(r.PathValue("id"))
	switch {
	case !ok:
		answer(w, http.StatusNotFound, message("Not Found"))
		return
	case !f.held("ShowTicket"):
		answer(w, http.StatusForbidden, message("Forbidden"))
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%d"`, f.stamp(t.ID)))
	answer(w, http.StatusOK, f.show(t))
}

func (f *Fake) show(t helpdesktest.Ticket) object {
	number, _ := strconv.ParseInt(t.ID, 10, 64)
	owner := t.Assignee
	if owner == "" {
		owner = Nobody
	}
	requestors := []object{}
	if t.Customer.Email != "" {
		requestors = append(requestors, f.uid("user", t.Customer.Email))
	}
	fields := []object{}
	if !f.NoTags && f.held("SeeCustomField") {
		field := f.uid("customfield", "2")
		field["name"], field["values"] = "Tags", append([]string{}, t.Tags...)
		fields = append(fields, field)
	}
	if t.Value != "" && f.held("SeeCustomField") {
		field := f.uid("customfield", "3")
		field["name"], field["values"] = "Order value", []string{t.Value}
		fields = append(fields, field)
	}
	links := []object{{"ref": "self", "type": "ticket", "id": number}, {"ref": "history"}}
	for right, ref := range map[string]string{"ReplyToTicket": "correspond", "CommentOnTicket": "comment", "ModifyTicket": "lifecycle"} {
		if f.held(right) {
			links = append(links, object{"ref": ref})
		}
	}
	return object{
		"id": number, "Subject": t.Subject, "Status": t.Status, "Priority": t.Priority, "InitialPriority": "0", "FinalPriority": "0",
		"Owner": f.uid("user", owner), "Creator": f.uid("user", Me.ID), "Queue": f.uid("queue", cmp.Or(t.Brand, "1")), "Requestor": requestors, "Cc": []object{},
		"AdminCc": []object{}, "CustomFields": fields, "EffectiveId": f.uid("ticket", t.ID), "Type": "ticket", "Created": when(t.Created),
		"LastUpdated": when(t.Updated), "Due": when(t.Due.Resolution), "Starts": when(time.Time{}), "Started": when(time.Time{}),
		"Resolved": when(time.Time{}), "TimeWorked": "0", "TimeLeft": "0", "TimeEstimated": "0", "_hyperlinks": links,
	}
}

// Queues are by number.
var Queues = map[string]string{"1": "General", "2": "South Lamps"}

func (f *Fake) showQueue(w http.ResponseWriter, r *http.Request) {
	name, ok := Queues[r.PathValue("id")]
	switch {
	case !ok:
		answer(w, http.StatusNotFound, message("Resource does not exist; use POST to create"))
	case !f.held("SeeQueue"):
		answer(w, http.StatusForbidden, message("Forbidden"))
	default:
		number, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
		answer(w, http.StatusOK, object{"id": number, "Name": name, "Description": nil, "Lifecycle": "default", "Disabled": "0", "CustomFields": object{}})
	}
}

// matches says what If-Match says of a version; true where it says nothing.
func matches(r *http.Request, stamp string) bool {
	said := r.Header.Get("If-Match")
	return said == "" || said == "*" || stamp != "" && strings.Trim(said, `"`) == stamp
}

// updateTicket answers with 200 and a sentence for each field, also where nothing was done.
func (f *Fake) updateTicket(w http.ResponseWriter, r *http.Request) {
	t, ok := f.ticket(r.PathValue("id"))
	if !ok {
		answer(w, http.StatusNotFound, message("Resource does not exist; use POST to create"))
		return
	}
	if !matches(r, strconv.FormatInt(f.stamp(t.ID), 10)) {
		answer(w, http.StatusPreconditionFailed, message("Precondition Failed"))
		return
	}
	var fields map[string]json.RawMessage
	if json.NewDecoder(r.Body).Decode(&fields) != nil {
		answer(w, http.StatusBadRequest, message("JSON object must be a HASH"))
		return
	}
	said := []string{}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range fields {
			if !yield(name) {
				return
			}
		}
	}) {
		if sentence := f.setField(t, name, fields[name]); sentence != "" {
			said = append(said, sentence)
		}
	}
	answer(w, http.StatusOK, said)
}

// setField sets a field and says so; "" when it is so already, or RT does not know it.
func (f *Fake) setField(t helpdesktest.Ticket, name string, raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text) // a list is none
	prefix := "Ticket " + t.ID + ": "
	if !f.held("ModifyTicket") {
		return prefix + "Permission Denied"
	}
	set := func(kind string, fn func(*helpdesktest.Ticket)) string {
		f.Book.Change(t.ID, func(t *helpdesktest.Ticket) bool { fn(t); return true })
		f.note(t.ID, kind, Me.ID, false)
		return prefix + name + " changed"
	}
	switch name {
	case "Status":
		if !slices.Contains([]string{"new", "open", "stalled", "resolved", "rejected", "deleted"}, text) {
			return prefix + "Status '" + text + "' isn't a valid status for this ticket."
		}
		if t.Status == text {
			return ""
		}
		return set("Status", func(t *helpdesktest.Ticket) { t.Status = text })
	case "Priority":
		if t.Priority == text {
			return ""
		}
		return set("Set", func(t *helpdesktest.Ticket) { t.Priority = text })
	case "Owner":
		return f.setOwner(t, text, set)
	case "CustomFields":
		return f.setTags(raw, set)
	}
	return ""
}

func (f *Fake) setOwner(t helpdesktest.Ticket, asked string, set func(string, func(*helpdesktest.Ticket)) string) string {
	owner := ""
	if asked != Nobody {
		p, ok := f.user(asked)
		switch {
		case !ok:
			return "Ticket " + t.ID + ": That user does not exist"
		case !p.privileged || f.MayNotOwn[p.ID]:
			return "Ticket " + t.ID + ": That user may not own tickets in that queue"
		}
		owner = p.ID
	}
	switch {
	case t.Assignee == owner:
		return ""
	case t.Assignee != "" && t.Assignee != Me.ID && !f.held("ReassignTicket"):
		return "Ticket " + t.ID + ": You can only reassign tickets that you own or that are unowned"
	}
	return set("SetWatcher", func(t *helpdesktest.Ticket) { t.Assignee = owner })
}

// setTags replaces all values of the custom field.
func (f *Fake) setTags(raw json.RawMessage, set func(string, func(*helpdesktest.Ticket)) string) string {
	var fields map[string][]string
	if json.Unmarshal(raw, &fields) != nil || f.NoTags || !f.held("ModifyCustomField") {
		return ""
	}
	for name, values := range fields {
		if name == "2" || name == "Tags" {
			return set("CustomField", func(t *helpdesktest.Ticket) { t.Tags = values })
		}
	}
	return ""
}

// newMessage is what a message is posted with.
type newMessage struct {
	Content     string
	ContentType string
	Attachments []struct{ FileName, FileType, FileContent string }
}

// addMessage adds a correspondence or a comment. Which it made is in a header alone.
func (f *Fake) addMessage(w http.ResponseWriter, r *http.Request) {
	kind, right := "Comment", "CommentOnTicket"
	if strings.HasSuffix(r.URL.Path, "/correspond") {
		kind, right = "Correspond", "ReplyToTicket"
	}
	t, ok := f.ticket(r.PathValue("id"))
	version := "" // RT knows none for messages
	if f.Extension {
		version = strconv.FormatInt(f.stamp(t.ID), 10)
	}
	if !matches(r, version) {
		answer(w, http.StatusPreconditionFailed, message("Precondition Failed"))
		return
	}
	var n newMessage
	if json.NewDecoder(r.Body).Decode(&n) != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	files, status, fault := readFiles(n)
	switch {
	case status != 0:
		answer(w, status, message(fault))
		return
	case n.Content != "" && n.ContentType == "":
		answer(w, http.StatusBadRequest, message("ContentType is a required field for application/json"))
		return
	case !ok || !f.held(right):
		answer(w, http.StatusBadRequest, message("Permission Denied"))
		return
	}
	id := f.say(t.ID, kind, helpdesktest.Message{Role: escalate.RoleBot, Author: Me.ID, Public: kind == "Correspond", Body: n.Content, Files: files}, "")
	if kind == "Correspond" && t.Status == "new" {
		f.reopen(t.ID)
	}
	w.Header().Set("Location", fmt.Sprintf("/REST/2.0/transaction/%d", id))
	answer(w, http.StatusCreated, []string{map[string]string{"Comment": "Comments added", "Correspond": "Correspondence added"}[kind]})
}

// reopen is RT's own scrip on correspondence.
func (f *Fake) reopen(ticket string) {
	f.Book.Change(ticket, func(t *helpdesktest.Ticket) bool { t.Status = "open"; return true })
	f.note(ticket, "Status", System, false)
}

// readFiles reads a message's files. RT breaks names that are not ASCII, and fails on those that are not Latin, unless they are encoded
// words.
func readFiles(n newMessage) (files []desk.Upload, status int, fault string) {
	for _, one := range n.Attachments {
		for name, value := range map[string]string{"FileName": one.FileName, "FileType": one.FileType, "FileContent": one.FileContent} {
			if value == "" {
				return nil, http.StatusBadRequest, name + " is a required field for each attachment in Attachments"
			}
		}
		var name strings.Builder
		for _, c := range one.FileName {
			switch {
			case c > 0xff:
				return nil, http.StatusInternalServerError, ""
			case c > 0x7f:
				name.WriteRune('\ufffd')
			default:
				name.WriteRune(c)
			}
		}
		plain, err := new(mime.WordDecoder).DecodeHeader(name.String())
		if err != nil {
			plain = name.String()
		}
		body, err := base64.StdEncoding.DecodeString(one.FileContent)
		if err != nil {
			return nil, http.StatusBadRequest, "FileContent is not base64"
		}
		files = append(files, desk.Upload{Name: plain, Type: one.FileType, Body: body})
	}
	return files, 0, ""
}

// createTicket makes a ticket of what its fields say.
func (f *Fake) createTicket(w http.ResponseWriter, r *http.Request) {
	var n struct {
		Queue, Subject, Requestor, RefersTo, Content, ContentType string
		CustomFields                                              map[string][]string
	}
	if json.NewDecoder(r.Body).Decode(&n) != nil || n.Queue == "" {
		answer(w, http.StatusBadRequest, message("Could not create ticket. Queue not set"))
		return
	}
	if n.Queue != "General" || !f.held("CreateTicket") {
		answer(w, http.StatusForbidden, message("No permission to create tickets in the queue '"+n.Queue+"'"))
		return
	}
	from, err := mail.ParseAddress(n.Requestor)
	if err != nil {
		answer(w, http.StatusBadRequest, message("Couldn't find or create the requestor"))
		return
	}
	body := n.Content
	if n.ContentType != "text/html" {
		body = richtext.HTML(body)
	}
	t := f.Book.Open(helpdesktest.Ticket{
		Subject: n.Subject, Status: "new", Priority: "0", Tags: n.CustomFields["Tags"], Extra: map[string]any{extraRefersTo: n.RefersTo},
		Customer: escalate.Customer{Name: from.Name, Email: from.Address},
	})
	f.meets(t.Customer)
	f.say(t.ID, "Create", helpdesktest.Message{Role: escalate.RoleCustomer, Author: Me.ID, Public: true, Body: body}, "")
	w.Header().Set("Location", "/REST/2.0/ticket/"+t.ID)
	answer(w, http.StatusCreated, f.uid("ticket", t.ID))
}

var (
	byNumber = regexp.MustCompile(`^id > ([0-9]+)(?: AND LastUpdated > '([0-9]{4}-[0-9]{2}-[0-9]{2})')?$`)
	byLink   = regexp.MustCompile(`^RefersTo = '([^']+)'$`)
)

// searchTickets knows the queries that we make. Deleted and merged tickets are in no list.
func (f *Fake) searchTickets(w http.ResponseWriter, r *http.Request) {
	var keep func(*helpdesktest.Ticket) bool
	q := r.URL.Query().Get("query")
	if found := byLink.FindStringSubmatch(q); found != nil {
		keep = func(t *helpdesktest.Ticket) bool { return t.Extra[extraRefersTo] == found[1] }
	} else if found := byNumber.FindStringSubmatch(q); found != nil {
		after, _ := strconv.ParseInt(found[1], 10, 64)
		var since time.Time
		if found[2] != "" {
			since, _ = time.ParseInLocation(time.DateOnly, found[2], f.Zone)
		}
		keep = func(t *helpdesktest.Ticket) bool { return t.Number > after && t.Updated.After(since) }
	} else {
		answer(w, http.StatusBadRequest, message("Wrong query, expecting something else in '"+q+"'"))
		return
	}
	var rows []row
	for _, t := range f.Book.Tickets(keep) {
		if t.Deleted || t.Merged != "" || t.Status == "deleted" {
			continue
		}
		shown := f.show(t)
		shown["uid"], shown["id"] = t.ID, t.ID
		rows = append(rows, row{object: shown, hidden: !f.held("ShowTicket")})
	}
	f.paged(w, r, "ticket", rows)
}
