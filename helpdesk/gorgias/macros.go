package gorgias

import (
	"context"
	"strings"

	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

type macro struct {
	ID         ident    `json:"id"`
	Name       string   `json:"name"`
	Intent     string   `json:"intent"` // "refund/request"
	ArchivedAt moment   `json:"archived_datetime"`
	Actions    []action `json:"actions"`
}

// action is one of the things that a macro does. Only one of them writes to the customer.
type action struct {
	Name string `json:"name"`
	Args loose[struct {
		HTML string `json:"body_html"`
		Text string `json:"body_text"`
	}] `json:"arguments"`
}

const setsReply = "setResponseText"

// Macros implements helpdesk.MacroReader: those that write something to the customer. Archived ones are not in the list.
func (c *Connector) Macros(ctx context.Context, cursor string) ([]helpdesk.Macro, string, error) {
	l, err := page[macro](ctx, c, helpdesk.Call{Op: "read macros", Path: []string{"macros"}}, cursor)
	if err != nil {
		return nil, "", err
	}
	var out []helpdesk.Macro
	for i := range l.Data {
		m := &l.Data[i]
		if body := m.reply(); body != "" && m.ArchivedAt.IsZero() && m.ID != "" {
			out = append(out, helpdesk.Macro{ID: string(m.ID), Title: helpdesk.Clean(m.Name), Body: body, Topic: m.Intent})
		}
	}
	return out, l.Meta.Next, nil
}

// reply is what a macro writes to the customer; "" when it writes nothing.
func (m *macro) reply() string {
	for _, a := range m.Actions {
		if a.Name != setsReply {
			continue
		}
		if text := strings.TrimSpace(richtext.Text(a.Args.V.HTML)); text != "" {
			return helpdesk.Clean(text)
		}
		return helpdesk.Clean(strings.TrimSpace(a.Args.V.Text))
	}
	return ""
}
