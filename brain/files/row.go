package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"warmline/brain"
	"warmline/escalate"
)

var (
	errNoID   = errors.New("no id")
	errNoText = errors.New("neither a subject nor a question")
)

// ticketRow turns rows into tickets.
type ticketRow struct {
	cols   found
	extra  bool
	dates  dates
	shared brain.Shared
}

// read reads one row. In a table without ids the line is one.
func (r *ticketRow) read(line int, fields []string) (brain.Past, error) {
	get := func(name string) string { return r.cols.get(fields, name) }
	short := func(name string) string { return r.shared.Text(get(name)) }
	p := brain.Past{ID: get("id"), Lang: r.shared.Text(language(get("lang"))), Status: short("status")}
	question, reply := get("question"), get("reply")
	p.Content = escalate.Content{
		Subject: get("subject"), Channel: short("channel"), Category: short("topic"), Brand: short("brand"), Value: escalate.AmountIn(get("value")),
		Tags:     r.list(get("tags")),
		Customer: escalate.Customer{Name: get("customer_name"), Email: get("customer_email"), Tags: r.list(get("customer_tags"))},
	}
	if r.cols.at["id"] < 0 {
		p.ID = "line-" + strconv.Itoa(line)
	}
	switch {
	case p.ID == "":
		return p, errNoID
	case question == "" && p.Content.Subject == "":
		return p, errNoText
	}
	var err error
	if p.Created, err = r.dates.read(get("created_at")); err != nil {
		return p, fmt.Errorf("created_at: %w", err)
	}
	p.Gold.AnswerID = short("answer_id")
	if p.Gold.InScope, err = truth(get("in_scope")); err != nil {
		return p, fmt.Errorf("in_scope: %w", err)
	}
	c := &p.Content.Customer
	if question != "" {
		p.Content.Messages = append(p.Content.Messages, escalate.Message{
			ID: "0", Role: escalate.RoleCustomer, Author: c.Name, Email: c.Email, Text: question, Public: true, At: p.Created,
		})
	}
	if reply != "" {
		p.Content.Messages = append(p.Content.Messages, escalate.Message{ID: "1", Role: escalate.RoleAgent, Text: reply, Public: true})
	}
	if r.extra {
		p.Extra = r.cols.rest(fields)
	}
	return p, nil
}

// list parts tags, which exports write with commas, semicolons, bars or, like Zendesk, blanks.
func (r *ticketRow) list(s string) []string {
	split := func(c rune) bool { return strings.ContainsRune(",;|", c) }
	if !strings.ContainsFunc(s, split) {
		split = func(c rune) bool { return c == ' ' }
	}
	var out []string
	for t := range strings.FieldsFuncSeq(s, split) {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, r.shared.Text(t))
		}
	}
	return out
}

// rest returns the columns that are not ours, as JSON strings; empty fields say nothing.
func (f found) rest(fields []string) map[string]json.RawMessage {
	var out map[string]json.RawMessage
	for _, i := range f.other {
		if fields[i] == "" {
			continue
		}
		b, err := json.Marshal(fields[i])
		if err != nil { // a string always encodes
			continue
		}
		if out == nil {
			out = map[string]json.RawMessage{}
		}
		out[f.header[i]] = b
	}
	return out
}

func (f found) macro(fields []string, extra bool) (brain.Macro, error) {
	m := brain.Macro{
		ID: f.get(fields, "id"), Title: f.get(fields, "title"), Body: f.get(fields, "body"), Topic: f.get(fields, "topic"),
		Lang: language(f.get(fields, "lang")), HighRisk: (&ticketRow{}).list(f.get(fields, "high_risk")),
	}
	if m.ID == "" {
		return m, errNoID
	}
	if extra {
		m.Extra = f.rest(fields)
	}
	return m, nil
}

func (f found) article(fields []string, extra bool) (brain.Article, error) {
	a := brain.Article{
		ID: f.get(fields, "id"), Title: f.get(fields, "title"), Body: f.get(fields, "body"), URL: f.get(fields, "url"),
		Topic: f.get(fields, "topic"), Lang: language(f.get(fields, "lang")),
	}
	if a.ID == "" {
		return a, errNoID
	}
	if extra {
		a.Extra = f.rest(fields)
	}
	return a, nil
}

// spoken are languages as people write them out.
var spoken = map[string]string{
	"english": "en", "englisch": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "französisch": "fr",
	"spanish": "es", "español": "es", "spanisch": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt",
	"dutch": "nl", "nederlands": "nl", "polish": "pl", "polski": "pl", "japanese": "ja", "chinese": "zh", "swedish": "sv",
	"danish": "da", "norwegian": "no", "russian": "ru", "turkish": "tr", "korean": "ko",
}

// language returns the ISO 639-1 code of "de", "de-AT", "de_DE" or "German", and "" for what it does not know: the
// language is then told from the text.
func language(s string) string {
	s = strings.ToLower(s)
	if code, ok := spoken[s]; ok {
		return code
	}
	if code, _, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-"); len(code) == 2 {
		return code
	}
	return ""
}

func truth(s string) (*bool, error) {
	switch strings.ToLower(s) {
	case "":
		return nil, nil
	case "true", "yes", "1", "ja", "oui", "sí", "y":
		return brain.Bool(true), nil
	case "false", "no", "0", "nein", "non", "n":
		return brain.Bool(false), nil
	}
	return nil, fmt.Errorf("%q is neither true nor false", s)
}
