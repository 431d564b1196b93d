package localslack

import (
	"regexp"
	"slices"
	"strings"
)

var reactionName = regexp.MustCompile(`^[a-z0-9_+'-]{1,100}$`)

func reactionsAdd(c *call) (obj, error) { return react(c, "already_reacted", true) }

func reactionsRemove(c *call) (obj, error) { return react(c, "no_reaction", false) }

func react(c *call, unchanged string, add bool) (obj, error) {
	name := strings.Trim(c.str("name"), ":")
	if !reactionName.MatchString(name) {
		return nil, refuse("invalid_name")
	}
	if c.str("timestamp") == "" || c.str("channel") == "" {
		return nil, refuse("no_item_specified")
	}
	if tsMicros(c.str("timestamp")) < 0 {
		return nil, refuse("bad_timestamp")
	}
	m, err := c.visibleMessage("timestamp")
	if err != nil {
		return nil, err
	}
	if c.st.channel(m.Channel).Archived {
		return nil, refuse("is_archived")
	}
	switch changed, err := c.reactAs(m, name, c.app.BotUser, add); {
	case err != nil:
		return nil, err
	case !changed:
		return nil, refuse(unchanged)
	}
	return obj{}, nil
}

// reactAs adds or removes somebody's reaction and tells the apps; changed is
// false where it was so already.
func (w *Workspace) reactAs(m *Message, name, user string, add bool) (changed bool, err error) {
	next, changed := toggled(m.Reactions, name, user, add)
	if !changed {
		return false, nil
	}
	if err := w.commit(Record{Kind: ReactionsChanged, Channel: m.Channel, TS: m.TS, Reactions: next}); err != nil {
		return false, err
	}
	w.tellReaction(m, name, user, add)
	return true, nil
}

func reactionsGet(c *call) (obj, error) {
	m, err := c.visibleMessage("timestamp")
	if err != nil {
		return nil, err
	}
	return obj{"type": "message", "channel": m.Channel, "message": c.st.message(m, false)}, nil
}

// toggled returns the reactions with user's one added or removed, and whether
// that changed anything.
func toggled(all []Reaction, name, user string, add bool) ([]Reaction, bool) {
	at := slices.IndexFunc(all, func(r Reaction) bool { return r.Name == name })
	had := at >= 0 && slices.Contains(all[at].Users, user)
	if had == add {
		return all, false
	}
	next := slices.Clone(all)
	if at < 0 {
		return append(next, Reaction{Name: name, Users: []string{user}}), true
	}
	if add {
		next[at].Users = slices.Concat(next[at].Users, []string{user})
		return next, true
	}
	next[at].Users = minus(next[at].Users, []string{user})
	if len(next[at].Users) == 0 {
		next = slices.Delete(next, at, at+1)
	}
	return next, true
}
