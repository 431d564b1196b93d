package requesttracker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// RT answers a change with 200 and a list of sentences in the language of its user, also one that it refused. What was changed is
// therefore read again. A change carries the version that it is about: one that somebody else made in between is not undone, and a
// ticket that was merged in between is not changed in place of the one that was meant.

// attempts is how often a change is made anew because the ticket moved meanwhile.
const attempts = 4

// soon is when to try again what moved each time.
const soon = time.Second

// change is what is to be set on a ticket.
type change struct {
	op     string
	fields func(*ticket) map[string]any
	done   func(*ticket) bool // the ticket is as it should be
	mend   string             // what to do where RT refuses it
}

func (c *Connector) set(ctx context.Context, ticketID string, ch change) error {
	var said []text
	for range attempts {
		t, err := c.standing(ctx, ch.op, ticketID)
		if err != nil || ch.done(t) {
			return err
		}
		said, err = c.put(ctx, ch.op, t, ch.fields(t))
		if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.Moved {
			continue
		}
		if err != nil {
			return err
		}
		if t, err = c.standing(ctx, ch.op, ticketID); err != nil || ch.done(t) {
			return err
		}
		return &desk.Refused{Op: ch.op, Why: fmt.Sprintf("RT did not do it: %s; %s", reason(said), ch.mend)}
	}
	return &desk.Refused{Op: ch.op, Why: "the ticket changed each time that it was to be changed", RetryAfter: soon}
}

// put makes one change, unless the ticket has moved.
func (c *Connector) put(ctx context.Context, op string, t *ticket, fields map[string]any) ([]text, error) {
	res, err := c.api.Send(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPut, Path: []string{"ticket", string(t.ID)}, Body: fields, Stamped: true,
		Header: http.Header{"If-Match": {`"` + t.stamp + `"`}},
	})
	if err != nil {
		return nil, err
	}
	var said []text
	_ = json.Unmarshal(res.Body, &said) // of another form it says nothing; whether it was done is read
	return said, nil
}

// reason is what RT said of a change.
func reason(said []text) string {
	var words []string
	for _, one := range said {
		words = append(words, helpdesk.Clean(string(one)))
	}
	if len(words) == 0 {
		return "it does not say why"
	}
	return helpdesk.Clipped(strings.Join(words, "; "))
}

// assign sets the owner; nobody of "".
func (c *Connector) assign(ctx context.Context, ticketID string, agent escalate.AgentID) error {
	const op = "assign ticket"
	name, owner := string(agent), string(agent)
	if name == "" {
		name, owner = nobody, nobody
	}
	if digits(name) { // which RT would take for the number of a user
		var err error
		if owner, err = c.userPath(ctx, name); err != nil {
			return err
		}
	}
	if owner == "" {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("RT has no user %q", helpdesk.Clipped(name))}
	}
	return c.set(ctx, ticketID, change{
		op:     op,
		fields: func(*ticket) map[string]any { return map[string]any{"Owner": owner} },
		done:   func(t *ticket) bool { return strings.EqualFold(string(t.Owner.ID), name) },
		mend:   "they need the right OwnTicket in its queue, and our user TakeTicket and ReassignTicket",
	})
}

func (c *Connector) setStatus(ctx context.Context, ticketID string, s escalate.Status) error {
	word := c.statuses.word(s)
	if word == "" {
		return &desk.Refused{Op: "set status", Why: fmt.Sprintf("RT has no status that means %q; it has open, stalled and resolved", s)}
	}
	return c.set(ctx, ticketID, change{
		op:     "set status",
		fields: func(*ticket) map[string]any { return map[string]any{"Status": word} },
		done:   func(t *ticket) bool { return t.Status == word },
		mend:   "the life cycle of its queue must allow the step, and our user needs the right ModifyTicket",
	})
}

func (c *Connector) setPriority(ctx context.Context, ticketID string, p escalate.Priority) error {
	n, ok := c.priorityNumber(p)
	if !ok {
		return &desk.Refused{Op: "set priority", Why: fmt.Sprintf("RT has no priority that means %q", p)}
	}
	return c.set(ctx, ticketID, change{
		op:     "set priority",
		fields: func(*ticket) map[string]any { return map[string]any{"Priority": strconv.Itoa(n)} },
		done:   func(t *ticket) bool { return c.priority(int64(t.Priority)) == p },
		mend:   "our user needs the right ModifyTicket",
	})
}

// tagsField is a ticket's custom field of tags; nil when it has none.
func (c *Connector) tagsField(t *ticket) *field { return t.field(c.tags) }

// field is a ticket's custom field of a name; nil when it has none, or we may not see it.
func (t *ticket) field(name string) *field {
	at := slices.IndexFunc(t.CustomFields, func(f field) bool { return name != "" && strings.EqualFold(f.Name, name) })
	if at < 0 {
		return nil
	}
	return &t.CustomFields[at]
}

func (c *Connector) tagsOf(t *ticket) (out []string) {
	if f := c.tagsField(t); f != nil {
		for _, tag := range f.Values {
			out = append(out, helpdesk.Clean(string(tag)))
		}
	}
	return out
}

// addTags adds tags. RT takes the whole list of a field's values, so a list that is not of the version at which it was read is
// refused and made anew: no tag is lost.
func (c *Connector) addTags(ctx context.Context, ticketID string, tags []string) error {
	const op = "tag ticket"
	var wanted []string
	for _, tag := range tags {
		if tag = strings.Join(strings.Fields(helpdesk.Clean(tag)), " "); tag != "" && !slices.Contains(wanted, tag) {
			wanted = append(wanted, tag)
		}
	}
	switch {
	case len(wanted) == 0:
		return nil
	case c.tags == "":
		return &desk.Refused{Op: op, Why: "RT has no tags; name a custom field for them in the setting tags_field"}
	}
	missing := func(t *ticket) []string {
		there := c.tagsOf(t)
		return slices.DeleteFunc(slices.Clone(wanted), func(tag string) bool { return slices.Contains(there, tag) })
	}
	return c.set(ctx, ticketID, change{
		op: op,
		fields: func(t *ticket) map[string]any {
			name := c.tags
			if f := c.tagsField(t); f != nil {
				name = string(f.ID)
			}
			return map[string]any{"CustomFields": map[string]any{name: append(c.tagsOf(t), missing(t)...)}}
		},
		done: func(t *ticket) bool { return len(missing(t)) == 0 },
		mend: "the queue needs the custom field " + c.tags + " of many values, and our user SeeCustomField and ModifyCustomField on it",
	})
}
