package front

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Macros implements helpdesk.MacroReader: the message templates that a team shares. A teammate's own are left out.
func (c *Connector) Macros(ctx context.Context, cursor string) ([]helpdesk.Macro, string, error) {
	const op = "read message templates"
	call := helpdesk.Call{Op: op, Path: []string{"message_templates"}}
	if cursor != "" {
		query, err := url.ParseQuery(cursor)
		if err != nil || query.Get("page_token") == "" {
			return nil, "", fmt.Errorf("%s: the cursor is none of ours", op)
		}
		call.Query = query
	}
	some, next, err := onePage[template](ctx, c, call)
	if err != nil {
		return nil, "", err
	}
	var macros []helpdesk.Macro
	for _, t := range some {
		body := helpdesk.Clean(richtext.Text(string(t.Body)))
		if t.ID == "" || body == "" || strings.Contains(string(t.Links.Related.Owner), "/teammates/") {
			continue
		}
		macros = append(macros, helpdesk.Macro{ID: string(t.ID), Title: helpdesk.Clean(string(t.Name)), Body: body})
	}
	return macros, next.Encode(), nil
}

type template struct {
	Links struct {
		Related struct {
			Owner text `json:"owner"`
		} `json:"related"`
	} `json:"_links"`
	ID   text `json:"id"`
	Name text `json:"name"`
	Body text `json:"body"`
}
