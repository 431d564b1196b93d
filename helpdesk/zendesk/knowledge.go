package zendesk

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

type macro struct {
	ID          id     `json:"id"`
	Title       word   `json:"title"`
	Active      *yes   `json:"active"`
	Restriction *scope `json:"restriction"`
	Actions     []struct {
		Field word            `json:"field"`
		Value json.RawMessage `json:"value"`
	} `json:"actions"`
}

type scope struct {
	Type word `json:"type"`
}

// Macros implements helpdesk.MacroReader: those that are in use, write something to the customer, and are not one agent's own.
func (c *Connector) Macros(ctx context.Context, cursor string) ([]helpdesk.Macro, string, error) {
	query := url.Values{"active": {"true"}, "page[size]": {pageSize}}
	if cursor != "" {
		query.Set("page[after]", cursor)
	}
	var page struct {
		paging
		Macros []macro `json:"macros"`
	}
	if err := c.http.Do(ctx, helpdesk.Call{Op: "read macros", Path: []string{"macros"}, Query: query}, &page); err != nil {
		return nil, "", err
	}
	next, err := page.next("read macros", cursor)
	if err != nil {
		return nil, "", err
	}
	var out []helpdesk.Macro
	for i := range page.Macros {
		m := &page.Macros[i]
		body := m.reply()
		if body == "" || m.Active != nil && !bool(*m.Active) || m.Restriction != nil && m.Restriction.Type == "User" {
			continue
		}
		title, topic := string(m.Title), ""
		if at := strings.LastIndex(title, "::"); at >= 0 { // "Billing::Refunds::Promise" is a menu in a menu
			topic, title = strings.TrimSpace(title[:at]), strings.TrimSpace(title[at+2:])
		}
		out = append(out, helpdesk.Macro{ID: string(m.ID), Title: title, Body: body, Topic: topic})
	}
	return out, next, nil
}

// reply is what a macro writes to the customer; "" when it writes nothing, or an internal note.
func (m *macro) reply() string {
	var plain, html string
	for _, a := range m.Actions {
		switch a.Field {
		case "comment_value":
			plain = lastWord(a.Value)
		case "comment_value_html":
			html = lastWord(a.Value)
		case "comment_mode_is_public":
			if said := lastWord(a.Value); said == "false" {
				return ""
			}
		}
	}
	if html != "" {
		return richtext.Text(html)
	}
	return strings.TrimSpace(helpdesk.Clean(plain))
}

// lastWord is an action's value: a string, or a list whose last element it is, as in ["channel:all", "Hello"].
func lastWord(raw json.RawMessage) string {
	var list []word
	var one word
	switch {
	case len(raw) > 0 && raw[0] == '[' && json.Unmarshal(raw, &list) == nil && len(list) > 0:
		return string(list[len(list)-1])
	case len(raw) > 0 && (raw[0] == 'f' || raw[0] == 't'):
		return string(raw)
	case json.Unmarshal(raw, &one) == nil:
		return string(one)
	}
	return ""
}

type article struct {
	ID         id              `json:"id"`
	Title      word            `json:"title"`
	Body       word            `json:"body"`
	HTMLURL    word            `json:"html_url"`
	Locale     word            `json:"locale"`
	Draft      *yes            `json:"draft"`
	Segment    json.RawMessage `json:"user_segment_id"`
	Segments   json.RawMessage `json:"user_segment_ids"`
	Restricted json.RawMessage `json:"restricted_to"`
	UpdatedAt  word            `json:"updated_at"`
}

// everybodys reports whether anybody may read an article. Its user segment must be there and null: an answer that does not say who
// may read it leaves it out.
func (a *article) everybodys() bool {
	open := func(raw json.RawMessage) bool { s := string(raw); return s == "" || s == "null" || s == "[]" }
	return a.Draft != nil && !bool(*a.Draft) && string(a.Segment) == "null" && open(a.Segments) && open(a.Restricted)
}

// Articles implements helpdesk.ArticleReader over the help centre's incremental export (Help Center, Articles). That goes on from a
// second, which it shows again; our cursor is that second and the ids that were shown of it.
func (c *Connector) Articles(ctx context.Context, cursor string) ([]helpdesk.Article, string, error) {
	start, seen, _ := strings.Cut(or(cursor, "0"), "|")
	var page struct {
		Articles []article `json:"articles"`
		NextPage word      `json:"next_page"`
		EndTime  word      `json:"end_time"`
	}
	call := helpdesk.Call{Op: "read articles", Path: []string{"help_center", "incremental", "articles"}, Query: url.Values{"start_time": {start}}}
	if err := c.http.Do(ctx, call, &page); err != nil {
		return nil, "", err
	}
	shown := strings.Split(seen, ",")
	var out []helpdesk.Article
	var last []string // of the second at which the next page begins
	for i := range page.Articles {
		a := &page.Articles[i]
		if instant(a.UpdatedAt).Equal(instant(page.EndTime)) {
			last = append(last, string(a.ID))
		}
		if slices.Contains(shown, string(a.ID)) || !a.everybodys() || a.Body == "" {
			continue
		}
		out = append(out, helpdesk.Article{
			ID: string(a.ID), Title: string(a.Title), Body: richtext.Text(string(a.Body)), URL: string(a.HTMLURL), Lang: string(a.Locale),
		})
	}
	from, _ := strconv.ParseInt(start, 10, 64)
	to, _ := strconv.ParseInt(string(page.EndTime), 10, 64) // none is the end
	if to <= from || len(page.Articles) == 0 || page.NextPage == "" {
		return out, "", nil
	}
	return out, strconv.FormatInt(to, 10) + "|" + strings.Join(last, ","), nil
}
