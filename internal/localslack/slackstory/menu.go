package slackstory

import "slices"

// React adds a reaction to the card as that person.
func (c *Card) React(user, name string) *Card {
	s := c.channel.story
	s.tb.Helper()
	s.must("react", map[string]any{"channel": c.channel.name, "ts": c.ts, "name": name, "user": user})
	return c
}

// Shortcut chooses the entry with that callback id in the card's menu as that
// person.
func (c *Card) Shortcut(user, callbackID string) *Card {
	s := c.channel.story
	s.tb.Helper()
	s.must("shortcut", map[string]any{"channel": c.channel.name, "ts": c.ts, "callback_id": callbackID, "user": user})
	return c
}

// Shortcut chooses the entry with that callback id in the menu that is there
// everywhere.
func (u *User) Shortcut(callbackID string) {
	u.story.tb.Helper()
	u.story.must("shortcut", map[string]any{"callback_id": callbackID, "user": u.name})
}

// ExpectOptions types into a menu of the modal, found by its action_id or
// visible label, and fails unless the app answers exactly these options.
func (m *Modal) ExpectOptions(menu, query string, want ...string) *Modal {
	s := m.user.story
	s.tb.Helper()
	v, _ := m.user.top()
	for _, e := range elementsOf(v.Blocks) {
		if e.action != menu && e.label != menu {
			continue
		}
		out := s.must("suggest", map[string]any{"view_id": m.id, "action_id": e.action, "block_id": e.block, "query": query, "user": m.user.name})
		var got []string
		for _, o := range out.Options {
			got = append(got, o.Text.Text)
		}
		if !slices.Equal(got, want) {
			s.tb.Fatalf("%q typed into %s offers %q, want %q", query, menu, got, want)
		}
		return m
	}
	s.tb.Fatalf("no menu %q; there is:\n%s", menu, m.user.dump())
	return m
}
