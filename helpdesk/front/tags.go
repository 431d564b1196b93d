package front

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Front has no priorities: these tags stand for them.
const tagPriority = "priority-"

// priorities, most urgent first: where people put several such tags, the first counts.
var priorities = []escalate.Priority{escalate.PriorityUrgent, escalate.PriorityHigh, escalate.PriorityNormal, escalate.PriorityLow}

func priorityOf(tags []tag) escalate.Priority {
	for _, p := range priorities {
		if hasTag(tags, tagPriority+string(p)) {
			return p
		}
	}
	return escalate.PriorityNone
}

func hasTag(tags []tag, name string) bool {
	return slices.ContainsFunc(tags, func(t tag) bool { return strings.EqualFold(string(t.Name), name) })
}

// setPriority puts the tag of a priority and takes off those of the others.
func (c *Connector) setPriority(ctx context.Context, id string, to escalate.Priority) error {
	const op = "set priority"
	if to != escalate.PriorityNone && !slices.Contains(priorities, to) {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no priority", to)}
	}
	marks := make(map[string]bool)
	for _, p := range priorities {
		marks[tagPriority+string(p)] = p == to
	}
	return c.mark(ctx, op, id, marks)
}

// mark makes a conversation have or lack tags. Those that it lacks are put first: a fault in between leaves one too many, which the
// repeat takes off.
func (c *Connector) mark(ctx context.Context, op, id string, marks map[string]bool) error {
	v, err := c.conversation(ctx, op, id)
	if err != nil {
		return refuseMerged(op, id, err)
	}
	var add []string
	var remove []text
	for name, wanted := range marks {
		if wanted && !hasTag(v.Tags, name) {
			add = append(add, name)
		}
		for _, t := range v.Tags {
			if !wanted && strings.EqualFold(string(t.Name), name) {
				remove = append(remove, t.ID)
			}
		}
	}
	slices.Sort(add)
	if err := c.addTags(ctx, op, id, add); err != nil || len(remove) == 0 {
		return err
	}
	slices.Sort(remove)
	err = c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodDelete, Path: conversationPath(id, "tags"), Body: map[string]any{"tag_ids": remove},
	}, nil)
	return refuseMerged(op, id, err)
}

// addTags puts tags on a conversation. Front adds them to those that are there, so none is lost and a repeat is harmless.
func (c *Connector) addTags(ctx context.Context, op, id string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	ids, err := c.tagIDs(ctx, op, names)
	if err != nil || len(ids) == 0 {
		return err
	}
	err = c.http.Do(ctx, helpdesk.Call{
		Op: op, Method: http.MethodPost, Path: conversationPath(id, "tags"), Body: map[string]any{"tag_ids": ids},
	}, nil)
	if err != nil {
		c.tags.Forget() // one of them may have been deleted
	}
	return refuseMerged(op, id, err)
}

// tagIDs finds tags by their names and makes those that are not there. Whether one is there is looked up anew right before, so that
// one whose answer was lost is found and not made again.
func (c *Connector) tagIDs(ctx context.Context, op string, names []string) ([]text, error) {
	var ids []text
	for _, name := range names {
		if name = tagName(name); name == "" {
			continue
		}
		id, err := c.tagID(ctx, name)
		if err != nil {
			return nil, nothingSent(op, err)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// longestTag is how many characters a tag's name may have. A longer one is cut: half a topic sorts better than none.
const longestTag = 64

func tagName(name string) string {
	runes := []rune(strings.Join(strings.Fields(helpdesk.Clean(name)), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), longestTag)]))
}

func (c *Connector) tagID(ctx context.Context, name string) (text, error) {
	list := func() ([]tag, error) {
		return allPages[tag](ctx, c, helpdesk.Call{Op: "list tags", Path: []string{"tags"}, Query: limit(pageSize)})
	}
	for _, most := range []time.Duration{helpdesk.RememberFor, 0} { // as remembered, then as it is
		all, err := c.tags.Get(c.now(), most, list)
		if err != nil {
			return "", err
		}
		if id := tagNamed(all, name); id != "" {
			return id, nil
		}
	}
	var made tag
	err := c.http.Do(ctx, helpdesk.Call{
		Op: fmt.Sprintf("make the tag %q", name), Method: http.MethodPost, Path: []string{"tags"}, Body: map[string]any{"name": name},
	}, &made)
	c.tags.Forget()
	if err == nil && made.ID == "" {
		err = fmt.Errorf("make the tag %q: the answer has no id", name)
	}
	return made.ID, err
}

// tagNamed finds a tag that everybody shares: exactly so, else in another case.
func tagNamed(all []tag, name string) text {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, t := range all {
			if !t.IsPrivate && t.ID != "" && same(string(t.Name), name) {
				return t.ID
			}
		}
	}
	return ""
}
