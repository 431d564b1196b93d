package freshdesktest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// posted is a reply or a note as it was sent, in JSON or as a form.
type posted struct {
	fields map[string]any
	files  []desk.Upload
}

// mostBytes is what all files of a ticket may have together.
const mostBytes = 20 << 20

func (f *Fake) reply(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r, false)
	if !ok {
		return
	}
	p, ok := read(w, r)
	if !ok {
		return
	}
	text, isStructured := p.structured()
	_, html := p.fields["body"].(string)
	errs := p.faults(f, "body", "structured_body", "from_email", "user_id", "cc_emails", "bcc_emails")
	switch chat := t.Extra[extraChat] == true; {
	case chat && (html || !isStructured):
		errs = append(errs, invalid{"body", "structured_body is required for tickets of this source", "invalid_value"})
	case !chat && isStructured:
		errs = append(errs, unexpected("structured_body"))
	case !chat && !html:
		errs = append(errs, missing("body"))
	}
	m := helpdesktest.Message{Role: escalate.RoleAgent, Author: p.user(), Public: true, Files: p.files, Extra: map[string]any{extraSource: 0}}
	if isStructured {
		m.Extra[extraStructured] = text
	} else {
		m.Body, _ = p.fields["body"].(string)
	}
	f.add(w, r, t, m, errs, "replied_to")
}

func (f *Fake) addNote(w http.ResponseWriter, r *http.Request) {
	t, ok := f.found(w, r, false)
	if !ok {
		return
	}
	p, ok := read(w, r)
	if !ok {
		return
	}
	errs := p.faults(f, "body", "private", "incoming", "notify_emails", "user_id")
	body, html := p.fields["body"].(string)
	if !html || body == "" {
		errs = append(errs, missing("body"))
	}
	private, said := p.fields["private"].(bool)
	m := helpdesktest.Message{
		Role: escalate.RoleAgent, Author: p.user(), Public: said && !private, Body: body, Files: p.files, Extra: map[string]any{extraSource: 2, extraSaid: said},
	}
	f.add(w, r, t, m, errs, "private")
}

// add keeps a message and shows it, with one member of what is shown beside what both kinds show.
func (f *Fake) add(w http.ResponseWriter, r *http.Request, t helpdesktest.Ticket, m helpdesktest.Message, errs []invalid, also string) {
	size := 0
	for _, old := range append(slices.Clone(t.Messages), m) {
		for _, file := range old.Files {
			size += len(file.Body)
		}
	}
	if size > mostBytes {
		errs = append(errs, wrong("attachments", "20 MB at most, with all of the ticket's"))
	}
	if len(errs) > 0 {
		invalidRequest(w, errs)
		return
	}
	m, ok := f.Book.Add(t.ID, m)
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	t, _ = f.Book.Ticket(t.ID)
	at := slices.IndexFunc(t.Messages, func(one helpdesktest.Message) bool { return one.ID == m.ID })
	shown := f.showConversation(t, at, r.Host)
	out := map[string]any{also: shown[also]}
	for _, name := range []string{"body", "body_text", "id", "user_id", "from_email", "cc_emails", "bcc_emails", "ticket_id", "attachments", "created_at", "updated_at", "support_email"} {
		out[name] = shown[name]
	}
	answer(w, http.StatusCreated, out)
}

// faults are the fields that are not known, or name nobody.
func (p *posted) faults(f *Fake, known ...string) (errs []invalid) {
	for name := range p.fields {
		if !slices.Contains(known, name) {
			errs = append(errs, unexpected(name))
		}
	}
	if !f.isAgent(p.user()) {
		errs = append(errs, wrong("user_id", "a valid agent"))
	}
	return errs
}

// user is in whose name it was sent.
func (p *posted) user() string {
	switch value := p.fields["user_id"].(type) {
	case nil:
		return Me.ID
	case json.Number:
		return value.String()
	default:
		return "none"
	}
}

// structured is the text of a structured body.
func (p *posted) structured() (string, bool) {
	raw, err := json.Marshal(p.fields["structured_body"])
	var body struct {
		Contents []struct {
			Type string `json:"type"`
			Data struct {
				Text string `json:"text"`
			} `json:"data"`
		} `json:"body_contents"`
	}
	if err != nil || json.Unmarshal(raw, &body) != nil || len(body.Contents) == 0 {
		return "", false
	}
	var texts []string
	for _, part := range body.Contents {
		texts = append(texts, part.Data.Text)
	}
	return strings.Join(texts, "\n"), true
}

// read reads a request in either of the forms.
func read(w http.ResponseWriter, r *http.Request) (*posted, bool) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		fields, ok := fieldsOf(w, r)
		return &posted{fields: fields}, ok
	}
	p := &posted{fields: make(map[string]any)}
	form := multipart.NewReader(r.Body, params["boundary"])
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return p, true
		}
		var body []byte
		if err == nil {
			body, err = io.ReadAll(part)
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, "invalid_multipart", "Request body cannot be read")
			return nil, false
		}
		p.take(part, body)
	}
}

func (p *posted) take(part *multipart.Part, body []byte) {
	switch name := part.FormName(); name {
	case "attachments[]":
		p.files = append(p.files, desk.Upload{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Body: body})
	case "private":
		p.fields[name], _ = strconv.ParseBool(string(body))
	case "user_id":
		p.fields[name] = json.Number(body)
	default:
		p.fields[name] = string(body)
	}
}
