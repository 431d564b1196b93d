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
	m, err := c.visibleMessage("channel", "timestamp")
	if err != nil {
		return nil, err
	}
	next, changed := toggled(m.Reactions, name, c.app.BotUser, add)
	if !changed {
		return nil, refuse(unchanged)
	}
	return obj{}, c.commit(Record{Kind: ReactionsChanged, Channel: m.Channel, TS: m.TS, Reactions: next})
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
