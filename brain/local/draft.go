package local

import (
	"regexp"
	"slices"
	"strings"

	"warmline/escalate"
)

var placeholder = regexp.MustCompile(`\{\{\s*([^{}]{1,60}?)\s*\}\}`)

// formal lists languages in which a bare first name is too familiar in a first reply.
var formal = set("de ja zh ko pl ru")

// draft writes an answer as a document has it.
func (s *state) draft(a *escalate.Answer, d *doc, t *thread, f *facts) {
	text := d.body
	if d.kind == "ticket" {
		text = s.template(d)
	}
	a.Text = placeholder.ReplaceAllStringFunc(text, func(p string) string {
		name := placeholder.FindStringSubmatch(p)[1]
		asked := escalate.FactName(name)
		if value := fill(asked, d.lang, t, f); value != "" {
			return value
		}
		for _, known := range t.ticket.Facts {
			if known.Name == asked {
				a.Facts = addOnce(a.Facts, asked)
				return known.Words(d.lang)
			}
		}
		if !slices.Contains(a.Unfilled, name) {
			a.Unfilled = append(a.Unfilled, name)
		}
		return p
	})
}

// variant picks what to write: prepared text in the language, then a reply that a person gave in it, then prepared text in
// any language, then any person's reply. Replies of the nearest tickets come first.
func (s *state) variant(v *vote, lang string) *doc {
	if i := s.variantAt(v, lang); i >= 0 {
		return s.ix.docs[i]
	}
	return nil
}

// variantAt is variant, by the document's number; -1 when there is none.
func (s *state) variantAt(v *vote, lang string) int {
	other := -1
	fits := func(i int) bool {
		d := s.ix.docs[i]
		if d.answer != v.answer || strings.TrimSpace(d.body) == "" {
			return false
		}
		if other < 0 {
			other = i
		}
		return d.lang == lang || lang == ""
	}
	for _, i := range s.prepared[v.answer] {
		if fits(i) {
			return i
		}
	}
	for _, f := range v.found {
		if fits(f.doc) {
			return f.doc
		}
	}
	replies := s.replies[v.answer]
	for n := len(replies) - 1; n >= max(0, len(replies)-200); n-- {
		if fits(replies[n]) {
			return replies[n]
		}
	}
	return other
}

// fill returns what stands for a placeholder, or "" when the thread does not tell.
func fill(name, lang string, t *thread, f *facts) string {
	switch name {
	case "customer_name", "ticket_requester_name":
		full := safeName(&t.content.Customer)
		if first, _, _ := strings.Cut(full, " "); !formal[lang] && len(first) > 2 {
			return first
		}
		return full
	case "customer_first_name", "first_name", "ticket_requester_first_name":
		first, _, _ := strings.Cut(safeName(&t.content.Customer), " ")
		return first
	case "customer_email", "email":
		if m := t.content.Customer.Email; emails.FindString(m) == m {
			return m
		}
	case "order_number", "order_id", "order":
		if len(f.orders) == 1 {
			return f.orders[0]
		}
	}
	return ""
}
