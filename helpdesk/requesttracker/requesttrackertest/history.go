package requesttrackertest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"warmline/helpdesk/helpdesktest"
)

// part is an attachment: a message's text in one form, a file, or what holds others.
type part struct {
	id          int64
	transaction int64
	ticket      string
	kind, name  string
	body        []byte
}

// note adds a transaction.
func (f *Fake) note(ticket, kind, by string, hidden bool) {
	f.enter(entry{id: f.Book.Next(), ticket: ticket, kind: kind, by: by, at: f.now(), hidden: hidden})
}

// stamp is a ticket's version: the number of the newest of its transactions that our user sees.
func (f *Fake) stamp(ticket string) (newest int64) {
	for _, e := range f.of(ticket) {
		if !e.hidden {
			newest = max(newest, e.id)
		}
	}
	return newest
}

// enter adds an entry to the log.
func (f *Fake) enter(e entry) {
	f.logged[e.ticket] = append(f.logged[e.ticket], len(f.log))
	f.log = append(f.log, e)
}

// of are the transactions of a ticket, and of those that went into it.
func (f *Fake) of(ticket string) (out []entry) {
	for _, one := range append([]string{ticket}, f.merged[ticket]...) {
		for _, at := range f.logged[one] {
			out = append(out, f.log[at])
		}
	}
	return out
}

// effective is the ticket that one stands for.
func (f *Fake) effective(ticket string) string {
	if t, ok := f.Book.Ticket(ticket); ok && t.Merged != "" {
		return t.Merged
	}
	return ticket
}

// say adds a message of a kind, with all that RT makes of it.
func (f *Fake) say(ticket, kind string, m helpdesktest.Message, alternative string) int64 {
	m, ok := f.Book.Add(ticket, m)
	if !ok {
		return 0
	}
	id, _ := strconv.ParseInt(m.ID, 10, 64)
	f.enter(entry{id: id, ticket: ticket, kind: kind, by: m.Author, at: m.At})
	add := func(kind, name string, body []byte) {
		f.partsOf[ticket] = append(f.partsOf[ticket], len(f.parts))
		f.parts = append(f.parts, part{id: f.Book.Next(), transaction: id, ticket: ticket, kind: kind, name: name, body: body})
	}
	if len(m.Files) > 0 {
		add("multipart/mixed", "", nil)
	}
	if alternative != "" {
		add("multipart/alternative", "", nil)
		add("text/plain", "", []byte(alternative))
	}
	add("text/html", "", []byte(m.Body))
	for _, file := range m.Files {
		add(file.Type, file.Name, file.Body)
	}
	for range f.Mails {
		f.note(ticket, map[bool]string{true: "EmailRecord", false: "CommentEmailRecord"}[m.Public], System, true)
	}
	return id
}

func (f *Fake) rows(entries []entry) (out []row) {
	for _, e := range entries {
		id := strconv.FormatInt(e.id, 10)
		out = append(out, row{hidden: e.hidden || e.kind == "Comment" && !f.held("ShowTicketComments"), object: object{
			"uid": id, "id": id, "Type": e.kind, "ObjectType": "RT::Ticket", "ObjectId": e.ticket, "Created": when(e.at), "Creator": f.uid("user", e.by),
		}})
	}
	return out
}

func (f *Fake) history(w http.ResponseWriter, r *http.Request) {
	f.list(w, r, "transaction", f.rows(f.of(f.effective(r.PathValue("id")))))
}

// listTransactions shows rows of the whole of RT. Those that can be on no page that is asked for are not made.
func (f *Fake) listTransactions(w http.ResponseWriter, r *http.Request) {
	const enough = 4000 // newest, of which some are no transactions that the query is about
	from := max(0, len(f.log)-enough)
	var limits []limit
	_ = json.Unmarshal([]byte(r.URL.Query().Get("query")), &limits) // list says what is wrong with it
	for _, l := range limits {
		if after, err := strconv.ParseInt(l.Value, 10, 64); l.Field == "id" && l.Operator == ">" && err == nil {
			from, _ = slices.BinarySearchFunc(f.log, after, func(e entry, after int64) int { return cmp.Compare(e.id, after+1) })
		}
	}
	f.list(w, r, "transaction", f.rows(f.log[from:min(from+enough, len(f.log))]))
}

// listAttachments shows contents as text, which breaks whatever is none.
func (f *Fake) listAttachments(w http.ResponseWriter, r *http.Request) {
	ticket := f.effective(r.PathValue("id"))
	_, known := f.ticket(ticket) // of one that is not there RT lists the files of all
	if strings.Contains(r.URL.Query().Get("fields"), "Parent") {
		w.WriteHeader(http.StatusInternalServerError) // RT looks for the parent of what has none
		return
	}
	var parts []part
	for _, one := range append([]string{ticket}, f.merged[ticket]...) {
		for _, at := range f.partsOf[one] {
			parts = append(parts, f.parts[at])
		}
	}
	if !known {
		parts = f.parts
	}
	var rows []row
	for _, p := range parts {
		id := strconv.FormatInt(p.id, 10)
		rows = append(rows, row{object: object{
			"uid": id, "id": id, "TransactionId": strconv.FormatInt(p.transaction, 10), "ContentType": p.kind, "Filename": p.name,
			"ContentLength": strconv.Itoa(len(p.body)), "Content": strings.ToValidUTF8(string(p.body), string(utf8.RuneError)),
		}})
	}
	f.list(w, r, "attachment", rows)
}

// lineLength is where RT breaks base64.
const lineLength = 76

func (f *Fake) viewAttachment(w http.ResponseWriter, r *http.Request) {
	for _, p := range f.parts {
		if strconv.FormatInt(p.id, 10) != r.PathValue("attachment") {
			continue
		}
		var lines strings.Builder
		for text := base64.StdEncoding.EncodeToString(p.body); text != ""; {
			n := min(lineLength, len(text))
			lines.WriteString(text[:n] + "\n")
			text = text[n:]
		}
		answer(w, http.StatusOK, object{
			"id": p.id, "Content": lines.String(), "ContentType": p.kind, "Filename": p.name, "Subject": "", "MessageId": "", "Headers": "",
			"TransactionId": f.uid("transaction", strconv.FormatInt(p.transaction, 10)),
		})
		return
	}
	w.WriteHeader(http.StatusInternalServerError) // so RT says that it has none
}
