package builtin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// ConnectOptions say which desk to reach and how.
type ConnectOptions struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "builtin".
	Name string
	// BaseURL is where the desk is served, without /desk/: "http://127.0.0.1:8081".
	BaseURL string
	// Token is the desk's, if it has one.
	Token string
	// Client makes the calls; default a new one.
	Client *http.Client
	// Timeout bounds a call; default 10 s.
	Timeout time.Duration
	// Settle is how long after a lost answer a call may still be applied; default 2 s.
	Settle time.Duration
	// BotName signs replies and notes that are in nobody's name; default "AI assistant".
	BotName string
}

// Connector reaches a Desk through its API.
type Connector struct {
	name   string
	bot    string
	base   string
	settle time.Duration
	http   *helpdesk.HTTP
}

var (
	_ desk.Helpdesk   = (*Connector)(nil)
	_ desk.FileReader = (*Connector)(nil)
)

// Connect checks the options; it calls nobody.
func Connect(o ConnectOptions) (*Connector, error) {
	authorize := func(r *http.Request) {
		if o.Token != "" {
			r.Header.Set("Authorization", "Bearer "+o.Token)
		}
	}
	base, err := helpdesk.NewHTTP(helpdesk.HTTPOptions{BaseURL: o.BaseURL, Authorize: authorize, Client: o.Client, Timeout: o.Timeout})
	if err != nil {
		return nil, fmt.Errorf("connect builtin desk: %w", err)
	}
	c := &Connector{name: o.Name, bot: o.BotName, base: strings.TrimSuffix(o.BaseURL, "/"), settle: o.Settle, http: base}
	if c.name == "" {
		c.name = "builtin"
	}
	if c.bot == "" {
		c.bot = "AI assistant"
	}
	if c.settle <= 0 {
		c.settle = 2 * time.Second
	}
	return c, nil
}

// Limits implements desk.Helpdesk. A desk compares stamps, so a repeat with the same one never doubles a reply.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Stamps: true, Settle: c.settle, Newer: newer, MaxFiles: mostFiles, MaxUpload: mostBytes}
}

// newer compares stamps: a desk's are the numbers of its changes.
func newer(a, b string) bool {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	return errX == nil && errY == nil && x > y
}

// Read implements desk.Helpdesk.
func (c *Connector) Read(ctx context.Context, id string) (*desk.Snapshot, error) {
	var t Ticket
	if err := c.http.Do(ctx, helpdesk.Call{Op: "read ticket", Path: ticketPath(id)}, &t); err != nil {
		return nil, err
	}
	s := &desk.Snapshot{Status: t.Status, Assignee: escalate.AgentID(t.Assignee), Stamp: t.Stamp}
	s.Content = escalate.Content{
		Subject: t.Subject, Channel: t.Channel, Category: t.Category, Brand: t.Brand, Value: t.Value, Tags: t.Tags,
		URL:      c.base + "/desk/?as=agent&ticket=" + url.QueryEscape(t.ID),
		Customer: escalate.Customer{Name: t.Customer.Name, Email: t.Customer.Email, Plan: t.Customer.Plan, Tags: t.Customer.Tags, Zone: t.Customer.Zone},
	}
	for _, m := range t.Messages {
		s.Content.Messages = append(s.Content.Messages, escalate.Message{
			ID: escalate.MessageID(m.ID), Role: m.Role, Author: m.Author, Email: m.AuthorEmail, Text: m.Text,
			Public: m.Public, Auto: m.Auto, Marker: m.Marker, At: m.At, EditedAt: m.EditedAt, Files: filesOf(m.Files),
		})
	}
	return s, nil
}

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the ticket has already is
// found by its marker. A reply is not looked for: its stamp, or the caller's reading back, decides about a repeat.
func (c *Connector) Write(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	switch w.Kind {
	case desk.WriteReply:
		return c.post(ctx, id, "send reply", w, true)
	case desk.WriteNote:
		return c.note(ctx, id, w)
	case desk.WriteAssign:
		agent := string(w.Agent)
		return "", c.patch(ctx, id, "assign ticket", Patch{Assignee: &agent})
	case desk.WriteTags:
		return "", c.patch(ctx, id, "tag ticket", Patch{AddTags: w.Tags})
	case desk.WriteStatus:
		return "", c.patch(ctx, id, "set status", Patch{Status: &w.Status})
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing this helpdesk can write", w.Kind)}
	}
}

// note adds a note that is not there yet. It carries the stamp of the reading that did not show it: a note whose answer was
// lost, and that is applied late, then meets a ticket that moved, or makes the repeat meet one.
func (c *Connector) note(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	w.Stamp = ""
	if w.Key != "" {
		s, err := c.Read(ctx, id)
		if err != nil {
			return "", err
		}
		for _, m := range s.Content.Messages {
			if m.Marker == w.Key {
				return m.ID, nil
			}
		}
		w.Stamp = s.Stamp
	}
	return c.post(ctx, id, "add note", w, false)
}

func (c *Connector) post(ctx context.Context, id, op string, w desk.Write, public bool) (escalate.MessageID, error) {
	n := NewMessage{Role: escalate.RoleBot, Author: c.bot, Text: w.Text, Public: &public, Marker: w.Key, Stamp: w.Stamp, Files: uploadsOf(w.Files)}
	if w.Author != "" {
		n.Role, n.Author = escalate.RoleAgent, w.Author
	}
	var written Message
	err := c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPost, Path: append(ticketPath(id), "messages"), Body: n, Stamped: w.Stamp != "",
	}, &written)
	if err == nil && written.ID == "" {
		err = fmt.Errorf("%s: the answer has no message id", op)
	}
	return escalate.MessageID(written.ID), err
}

func (c *Connector) patch(ctx context.Context, id, op string, p Patch) error {
	return c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPatch, Path: ticketPath(id), Body: p}, nil)
}

// Untag implements desk.Untagger.
func (c *Connector) Untag(ctx context.Context, id string, tags []string) error {
	return c.patch(ctx, id, "take tags from ticket", Patch{DropTags: tags})
}

// Open implements desk.Opener.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	var t Ticket
	err := c.http.Do(ctx, helpdesk.Call{Op: "open ticket", Method: http.MethodPost, Path: []string{"desk", "api", "tickets"}, Body: NewTicket{
		Subject: o.Subject, Text: o.Text, Tags: o.Tags, Key: o.Key, Customer: Customer{Name: o.Customer.Name, Email: o.Customer.Email},
	}}, &t)
	if err == nil && t.ID == "" {
		err = errors.New("open ticket: the answer has no ticket id")
	}
	return t.ID, err
}

// AgentByEmail implements desk.Helpdesk.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	var found struct {
		Agents []Agent `json:"agents"`
	}
	call := helpdesk.Call{Op: "find agent", Path: []string{"desk", "api", "agents"}, Query: url.Values{"email": {email}}}
	if err := c.http.Do(ctx, call, &found); err != nil {
		return "", err
	}
	for _, a := range found.Agents {
		if email != "" && strings.EqualFold(a.Email, email) {
			return escalate.AgentID(a.ID), nil
		}
	}
	return "", fmt.Errorf("find agent: %w: no agent has this e-mail address", desk.ErrNotFound)
}

// Changes reads one page of the feed, for a helpdesk.Poller.
func (c *Connector) Changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	if cursor == "" {
		cursor = "now"
	}
	var page struct {
		Changes []Change `json:"changes"`
		Next    string   `json:"next"`
	}
	call := helpdesk.Call{Op: "read changes", Path: []string{"desk", "api", "changes"}, Query: url.Values{"after": {cursor}}}
	err := c.http.Do(ctx, call, &page)
	if errors.Is(err, desk.ErrNotFound) {
		// The desk lost its journal and counts anew: everything in it is new to us.
		call.Query.Set("after", "0")
		err = c.http.Do(ctx, call, &page)
	}
	if err != nil {
		return nil, "", err
	}
	if page.Next == "" {
		return nil, "", errors.New("read changes: the answer has no cursor")
	}
	notices := make([]desk.Notice, 0, len(page.Changes))
	for _, change := range page.Changes {
		notices = append(notices, desk.Notice{
			Ref: escalate.Ref{Desk: c.name, ID: change.Ticket}, Delivery: "poll:" + change.ID(), Urgent: change.Channel == "chat",
		})
	}
	return notices, page.Next, nil
}

func filesOf(files []File) (all []escalate.File) {
	for _, f := range files {
		all = append(all, escalate.File{ID: escalate.FileID(f.ID), Name: f.Name, Type: f.Type, Size: f.Size})
	}
	return all
}

func uploadsOf(files []desk.Upload) (all []Upload) {
	for _, f := range files {
		all = append(all, Upload(f))
	}
	return all
}

// OpenFile implements desk.FileReader.
func (c *Connector) OpenFile(ctx context.Context, id string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	return c.http.Open(ctx, helpdesk.Call{Op: "open file", Path: append(ticketPath(id), "messages", string(m), "files", string(f))})
}

func ticketPath(id string) []string { return []string{"desk", "api", "tickets", id} }
