package zendesktest

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"warmline/helpdesk/helpdesktest"
)

// commentJSON is a message in Zendesk's shape. base is where attachments are fetched from.
func (f *Fake) commentJSON(t *helpdesktest.Ticket, m *helpdesktest.Message, base string) map[string]any {
	custom := m.Extra["custom"]
	if custom == nil {
		custom = map[string]any{}
	}
	author := any(-1)
	if u := f.author(m.Author, t); u != nil {
		author = u["id"]
	}
	channel, _ := m.Extra["via"].(string)
	rel, _ := m.Extra["rel"].(string)
	return map[string]any{
		"id": number(m.ID), "type": "Comment", "author_id": author, "body": plain(m.Body), "plain_body": plain(m.Body),
		"html_body": `<div class="zd-comment" dir="auto">` + m.Body + "</div>", "public": m.Public, "attachments": f.attachmentsJSON(m, base),
		"audit_id": number(m.ID + "1"), "created_at": second(m.At),
		"via": map[string]any{"channel": or(channel, "email"), "source": map[string]any{"from": map[string]any{}, "to": map[string]any{"address": nil}, "rel": orNull(rel)}},
		"metadata": map[string]any{
			"system": map[string]any{"client": nil, "ip_address": "192.0.2.1", "location": nil, "latitude": nil}, "custom": custom, "suspension_type_id": nil,
		},
	}
}

func (f *Fake) listComments(w http.ResponseWriter, r *http.Request) {
	t, ok := f.book.Ticket(r.PathValue("id"))
	if !ok || t.Deleted {
		notFound(w)
		return
	}
	if r.URL.Query().Get("sort") == "-created_at" {
		slices.Reverse(t.Messages)
	}
	some, rest := page(f, r, t.Messages)
	comments, users := []map[string]any{}, []map[string]any{}
	seen := make(map[string]bool)
	for i := range some {
		m := &some[i]
		comments = append(comments, f.commentJSON(&t, m, "http://"+r.Host))
		if u := f.author(m.Author, &t); u != nil && !seen[m.Author] {
			users = append(users, u)
		}
		seen[m.Author] = true
	}
	rest["comments"] = comments
	if r.URL.Query().Get("include") == "users" {
		rest["users"] = users
	}
	answer(w, http.StatusOK, rest)
}

var tag = regexp.MustCompile(`<[^>]*>`)

// plain is Zendesk's reading of a body: tags are gone and entities resolved, but for no-break spaces.
func plain(body string) string {
	body = regexp.MustCompile(`(?i)<br\s*/?>`).ReplaceAllString(body, "\n")
	body = regexp.MustCompile(`(?i)</p>`).ReplaceAllString(body, "\n\n")
	text := html.UnescapeString(tag.ReplaceAllString(body, ""))
	return strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", "&nbsp;"))
}

func asHTML(text string) string { return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") }
