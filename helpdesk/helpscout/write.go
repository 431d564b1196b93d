package helpscout

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Limits implements desk.Helpdesk. Nothing tells whether a lost call will still be applied, so the wait is long.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Settle: c.settle, MaxFiles: mostFiles, MaxUpload: mostBytes}
}

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the conversation has already is found by
// its reference. A reply is not looked for: the caller reads back before it repeats one.
func (c *Connector) Write(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, ticket, w)
	case desk.WriteNote:
		return c.note(ctx, ticket, w)
	case desk.WriteAssign:
		return "", c.assign(ctx, ticket, w.Agent)
	case desk.WriteTags:
		return "", c.changeTags(ctx, "add tags", ticket, func(there []string) []string { return union(there, w.Tags) })
	case desk.WriteStatus:
		return "", c.setStatus(ctx, ticket, w.Status)
	case desk.WritePriority:
		return "", c.setPriority(ctx, ticket, w.Priority)
	default:
		return "", &desk.Refused{Op: "write conversation", Why: fmt.Sprintf("a %q is nothing this helpdesk can write", w.Kind)}
	}
}

// change is one operation on a conversation; a call makes one.
type change struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

func (c *Connector) patch(ctx context.Context, op, ticket string, ch change) error {
	if !numeric(ticket) {
		return fmt.Errorf("%s: %w: %q is no conversation's id", op, desk.ErrNotFound, helpdesk.Clipped(ticket))
	}
	return c.do(ctx, helpdesk.Call{Op: op, Method: http.MethodPatch, Path: []string{"conversations", ticket}, Body: ch}, nil)
}

// assign sets the assignee; nobody takes it away.
func (c *Connector) assign(ctx context.Context, ticket string, agent escalate.AgentID) error {
	const op = "assign conversation"
	if agent == "" {
		return c.patch(ctx, op, ticket, change{Op: "remove", Path: "/assignTo"})
	}
	if !numeric(string(agent)) {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no user's id; link the account anew", helpdesk.Clipped(string(agent)))}
	}
	return c.patch(ctx, op, ticket, change{Op: "replace", Path: "/assignTo", Value: json.Number(agent)})
}

func (c *Connector) setStatus(ctx context.Context, ticket string, s escalate.Status) error {
	const op = "set status"
	word, ok := statuses[s]
	if !ok {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("Help Scout has no status for %q", s)}
	}
	return c.patch(ctx, op, ticket, change{Op: "replace", Path: "/status", Value: word})
}

// setPriority sets the tag of a priority and takes away that of another.
func (c *Connector) setPriority(ctx context.Context, ticket string, p escalate.Priority) error {
	const op = "set priority"
	if p != escalate.PriorityNone && !slices.Contains(priorities, p) {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no priority", p)}
	}
	return c.changeTags(ctx, op, ticket, func(there []string) []string {
		kept := slices.DeleteFunc(slices.Clone(there), func(t string) bool {
			of := priorityOf([]string{t})
			return of != escalate.PriorityNone && of != p
		})
		if p == escalate.PriorityNone {
			return kept
		}
		return union(kept, []string{priorityTag + string(p)})
	})
}

// tagTries is how often tags are written that somebody else keeps writing at the same time.
const tagTries = 3

// changeTags changes a conversation's tags. Help Scout replaces them all, so they are read, written and read again: what somebody
// writes over ours at the same time is mended. What they add between our reading and our writing is lost, and nothing could tell; so
// the one follows the other at once, and tags that are right already are not written.
func (c *Connector) changeTags(ctx context.Context, op, ticket string, fn func(there []string) []string) error {
	for try := 0; ; try++ {
		v, err := c.writable(ctx, op, ticket)
		if err != nil {
			return err
		}
		there := tagNames(v)
		want := fn(there)
		if slices.Equal(there, want) {
			return nil
		}
		if try == tagTries {
			return fmt.Errorf("%s: somebody else keeps changing the tags of conversation %s, or Help Scout writes them otherwise", op, ticket)
		}
		call := helpdesk.Call{Op: op, Method: http.MethodPut, Path: []string{"conversations", ticket, "tags"}, Body: map[string][]string{"tags": want}}
		if err := c.do(ctx, call, nil); err != nil {
			return err
		}
	}
}

// union adds tags that are not there yet, whatever their case.
func union(there, more []string) []string {
	out := slices.Clone(there)
	for _, t := range more {
		// A comma would make two of one where tags are typed.
		t = strings.Join(strings.Fields(strings.ReplaceAll(helpdesk.Clean(t), ",", " ")), " ")
		if t != "" && !slices.ContainsFunc(out, func(old string) bool { return strings.EqualFold(old, t) }) {
			out = append(out, t)
		}
	}
	return out
}
