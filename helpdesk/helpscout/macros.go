package helpscout

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Saved replies are Help Scout's macros. They belong to inboxes; lists of them hold only how they begin, so each is read by its id, a
// few at a time: an account's limit on calls is for its people, too.

type mailbox struct {
	ID   ident  `json:"id"`
	Name string `json:"name"`
}

type savedReply struct {
	ID       ident  `json:"id"`
	Name     string `json:"name"`
	Text     string `json:"text"`
	ChatText string `json:"chatText"`
}

const (
	macrosOp = "read saved replies"
	// macrosAtOnce is how many saved replies are read with one page.
	macrosAtOnce = 20
)

// Macros implements helpdesk.MacroReader. The cursor is "inbox/the last reply that was read": by ids, so that what is made or deleted
// meanwhile moves nothing.
func (c *Connector) Macros(ctx context.Context, cursor string) ([]helpdesk.Macro, string, error) {
	inbox, after, _ := strings.Cut(cursor, "/")
	if cursor != "" && (!numeric(inbox) || after != "" && !numeric(after)) {
		return nil, "", fmt.Errorf("%s: the cursor %q is none of ours", macrosOp, helpdesk.Clipped(cursor))
	}
	inboxes, err := c.mailboxes(ctx)
	if err != nil {
		return nil, "", err
	}
	at := slices.IndexFunc(inboxes, func(id ident) bool { return byNumber(id, ident(inbox)) >= 0 })
	if at < 0 {
		return nil, "", nil
	}
	if string(inboxes[at]) != inbox {
		after = "" // its inbox is gone
	}
	replies, err := c.savedReplies(ctx, inboxes[at])
	if err != nil {
		return nil, "", err
	}
	replies = slices.DeleteFunc(replies, func(id ident) bool { return byNumber(id, ident(after)) <= 0 })
	some := replies[:min(macrosAtOnce, len(replies))]
	macros, err := c.macros(ctx, inboxes[at], some)
	switch {
	case err != nil:
		return nil, "", err
	case len(some) < len(replies):
		return macros, string(inboxes[at]) + "/" + string(some[len(some)-1]), nil
	case at+1 < len(inboxes):
		return macros, string(inboxes[at+1]) + "/", nil
	default:
		return macros, "", nil
	}
}

// mailboxes are the inboxes that are ours to read, by id.
func (c *Connector) mailboxes(ctx context.Context) (ids []ident, err error) {
	list, err := c.inboxList(ctx)
	if err != nil {
		return nil, err
	}
	wanted := strings.Split(c.inboxes, ",")
	for _, m := range list {
		if numeric(string(m.ID)) && (c.inboxes == "" || slices.Contains(wanted, string(m.ID))) {
			ids = append(ids, m.ID)
		}
	}
	slices.SortFunc(ids, byNumber)
	return ids, nil
}

func (c *Connector) inboxList(ctx context.Context) ([]mailbox, error) {
	return all(ctx, c, helpdesk.Call{Op: "list inboxes", Path: []string{"mailboxes"}}, "mailboxes", func(m *mailbox) ident { return m.ID })
}

// savedReplies are the ids of an inbox's saved replies, those that are only for chats included. The list is an array, without pages.
func (c *Connector) savedReplies(ctx context.Context, inbox ident) (ids []ident, err error) {
	var list []savedReply
	call := helpdesk.Call{Op: macrosOp, Path: []string{"mailboxes", string(inbox), "saved-replies"}, Query: url.Values{"includeChatReplies": {"true"}}}
	err = c.do(ctx, call, &list)
	if errors.Is(err, desk.ErrNotFound) { // the inbox is gone meanwhile
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		if numeric(string(r.ID)) {
			ids = append(ids, r.ID)
		}
	}
	slices.SortFunc(ids, byNumber)
	return ids, nil
}

func (c *Connector) macros(ctx context.Context, inbox ident, ids []ident) (macros []helpdesk.Macro, err error) {
	for _, id := range ids {
		var r savedReply
		err := c.do(ctx, helpdesk.Call{Op: macrosOp, Path: []string{"mailboxes", string(inbox), "saved-replies", string(id)}}, &r)
		if errors.Is(err, desk.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		body := richtext.Text(r.Text)
		if strings.TrimSpace(body) == "" {
			body = r.ChatText // plain, as it is said
		}
		if body = helpdesk.Clean(body); strings.TrimSpace(body) != "" {
			macros = append(macros, helpdesk.Macro{ID: string(id), Title: helpdesk.Clean(r.Name), Body: body})
		}
	}
	return macros, nil
}
