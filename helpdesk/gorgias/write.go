package gorgias

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Limits implements desk.Helpdesk. Nothing tells whether a lost call will still be applied, so the wait is long.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Settle: c.settle, MaxFiles: mostFiles, MaxUpload: mostBytes}
}

// Write implements desk.Helpdesk. Fields are set and tags added, so a repeat changes nothing. A note that the ticket has already is
// found by its marker. A reply is not looked for: the caller reads back before it repeats one.
func (c *Connector) Write(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	if !numeric(ticketID) {
		return "", fmt.Errorf("write ticket: %w: %q is no ticket's number", desk.ErrNotFound, helpdesk.Clipped(ticketID))
	}
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, ticketID, w)
	case desk.WriteNote:
		return c.note(ctx, ticketID, w)
	case desk.WriteAssign:
		return "", c.assign(ctx, ticketID, w.Agent)
	case desk.WriteTags:
		return "", c.addTags(ctx, ticketID, w.Tags)
	case desk.WriteStatus:
		return "", c.setStatus(ctx, ticketID, w.Status)
	case desk.WritePriority:
		return "", c.setPriority(ctx, ticketID, w.Priority)
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing this helpdesk can write", w.Kind)}
	}
}

// put sets some of a ticket's fields; what is left out stays as it is.
func (c *Connector) put(ctx context.Context, op, ticketID string, fields map[string]any) error {
	return c.api.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPut, Path: []string{"tickets", ticketID}, Body: fields}, nil)
}

// assign sets the assignee; nobody of "".
func (c *Connector) assign(ctx context.Context, ticketID string, agent escalate.AgentID) error {
	const op = "assign ticket"
	var id any
	if agent != "" {
		if !numeric(string(agent)) {
			return &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no user's number", helpdesk.Clipped(string(agent)))}
		}
		id = json.Number(agent)
	}
	return c.put(ctx, op, ticketID, map[string]any{"assignee_user": map[string]any{"id": id}})
}

// setStatus opens or closes a ticket. Gorgias has no status for a ticket that waits for its customer: it is closed and snoozed, so
// that it opens when they answer, or when the time is over and somebody should look. Opening and solving end a snooze.
func (c *Connector) setStatus(ctx context.Context, ticketID string, s escalate.Status) error {
	const op = "set status"
	fields := map[string]any{"status": statusClosed, "snooze_datetime": nil}
	switch s {
	case escalate.StatusOpen:
		fields["status"] = statusOpen
	case escalate.StatusPending:
		fields["snooze_datetime"] = c.now().Add(c.snooze).UTC().Format(time.RFC3339)
	case escalate.StatusSolved, escalate.StatusClosed:
	default:
		return &desk.Refused{Op: op, Why: fmt.Sprintf("Gorgias has no status that means %q; it has open, snoozed and closed", s)}
	}
	return c.put(ctx, op, ticketID, fields)
}

func (c *Connector) setPriority(ctx context.Context, ticketID string, p escalate.Priority) error {
	name := priorityName(p)
	if name == "" {
		return &desk.Refused{Op: "set priority", Why: fmt.Sprintf("Gorgias has no priority that means %q", p)}
	}
	return c.put(ctx, "set priority", ticketID, map[string]any{"priority": name})
}

// longestTag is the most characters that a tag's name has.
const longestTag = 256

// addTags adds tags. The call adds on Gorgias' side, so that none is lost; setting the ticket's own member tags would replace all.
func (c *Connector) addTags(ctx context.Context, ticketID string, tags []string) error {
	var names []string
	for _, name := range tags {
		name = strings.Join(strings.Fields(helpdesk.Clean(name)), " ")
		if runes := []rune(name); len(runes) > longestTag {
			name = string(runes[:longestTag])
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return c.api.Do(ctx, helpdesk.Call{
		Op: "tag ticket", Method: http.MethodPost, Path: []string{"tickets", ticketID, "tags"}, Body: map[string]any{"names": names},
	}, nil)
}

// note adds a note that is not there yet.
func (c *Connector) note(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	const op = "add note"
	t, err := c.ticket(ctx, ticketID)
	if err != nil {
		return "", err
	}
	if !t.TrashedAt.IsZero() {
		return "", trashed(op)
	}
	for i := range t.Messages {
		if key, _, ours := marked(t.Messages[i].ExternalID); ours && key == w.Key && !t.Messages[i].isPublic() {
			return escalate.MessageID(t.Messages[i].ID), nil
		}
	}
	me, err := c.me(ctx)
	if err != nil {
		return "", err
	}
	m, err := newText(op, w, false)
	if err != nil {
		return "", err
	}
	m.Channel, m.Via, m.Sender = internalNote, internalNote, ref(me.ID)
	if m.Attachments, err = c.upload(ctx, w.Files, m.Public); err != nil {
		return "", err
	}
	made, err := c.post(ctx, op, ticketID, m)
	if err != nil {
		return "", err
	}
	if made.isPublic() {
		return "", fmt.Errorf("%s: Gorgias made the note %s public; look at the ticket and at the account's rules", op, made.ID)
	}
	return escalate.MessageID(made.ID), nil
}

func trashed(op string) error {
	return &desk.Refused{Op: op, Why: "the ticket is in the trash; take it out in Gorgias first"}
}
