package main

import (
	"encoding/json"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/localslack/slackstory"
)

// What a story looks up beside what people see.

// card waits for the card of a ticket in a channel.
func (s *story) card(channel string, t *ticket) *slackstory.Card {
	s.t.Helper()
	return s.Channel(channel).ExpectCard(t.Number())
}

// cards counts the cards of a ticket that a channel shows now.
func (s *story) cards(channel string, t *ticket) (n int) {
	s.t.Helper()
	for _, m := range s.Channel(channel).Messages() {
		if (m.ThreadTS == "" || m.ThreadTS == m.TS) && !m.Ephemeral && m.Shows(t.Number()) && !m.Shows("near or missed") {
			n++
		}
	}
	return n
}

// oneCard fails unless a channel shows exactly one card of a ticket.
func (s *story) oneCard(channel string, t *ticket) {
	s.t.Helper()
	if n := s.cards(channel, t); n != 1 {
		s.t.Fatalf("#%s shows %d cards of %s, want one", channel, n, t.Number())
	}
}

// claim claims a ticket and waits until its card says so.
func (s *story) claim(c *slackstory.Card, user string) {
	s.t.Helper()
	c.Click("Claim").As(user)
	c.ExpectText("Claimed by")
}

// privately waits until a person was told something beside a channel's cards.
func (s *story) privately(channel, user, text string) {
	s.t.Helper()
	s.Channel(channel).As(user).ExpectPrivate(text)
}

// told is all that a person was told in private in the channel that tickets go to.
func (s *story) told(user string) (all []string) {
	s.t.Helper()
	for _, m := range s.Channel("support").As(user).Messages() {
		if m.Ephemeral {
			all = append(all, m.Visible())
		}
	}
	return all
}

// person is the Slack id of someone in the workspace.
func (s *story) person(name string) escalate.PersonID {
	s.t.Helper()
	return escalate.PersonID(s.id("users", name))
}

// support is the Slack id of the channel that tickets go to.
func (s *story) support() string {
	s.t.Helper()
	return s.id("channels", "support")
}

func (s *story) id(kind, name string) string {
	s.t.Helper()
	if s.ids == nil {
		s.ids = s.readIDs()
	}
	id := s.ids[kind+" "+name]
	if id == "" {
		s.t.Fatalf("the workspace has no %s among its %s", name, kind)
	}
	return id
}

// readIDs reads the ids of everyone and every channel, which never change.
func (s *story) readIDs() map[string]string {
	s.t.Helper()
	res, err := s.slack.Get(slackBase + "/_control/state")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	type named struct {
		ID, Name string
		Bot      string `json:"bot_user"`
	}
	var state struct{ Users, Channels, Apps []named }
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		s.t.Fatal(err)
	}
	ids := map[string]string{}
	for _, u := range state.Users {
		ids["users "+u.Name] = u.ID
	}
	for _, a := range state.Apps {
		ids["apps "+a.Name] = a.Bot
	}
	for _, c := range state.Channels {
		ids["channels "+c.Name] = c.ID
	}
	return ids
}

// audited returns how what a person did ended, oldest first.
func (s *story) audited(action desk.Action, name string) []string {
	s.t.Helper()
	var outcomes []string
	s.view(func(tx desk.Tx) error {
		rows, err := tx.AuditRows(s.t.Context(), desk.AuditFilter{Limit: 1000})
		for _, r := range slices.Backward(rows) {
			if r.Action == string(action) && r.Actor == string(s.person(name)) {
				outcomes = append(outcomes, r.Outcome)
			}
		}
		return err
	})
	return outcomes
}

// record is how people judged a topic's drafts.
func (s *story) record(topic string) (r escalate.Record) {
	s.t.Helper()
	s.view(func(tx desk.Tx) (err error) {
		r, err = tx.TopicRecord(s.t.Context(), topic)
		return err
	})
	return r
}

// ticket is a ticket as Warmline has it.
func (s *story) ticket(t *ticket) (found *escalate.Ticket) {
	s.t.Helper()
	s.view(func(tx desk.Tx) (err error) {
		found, err = tx.FindTicket(s.t.Context(), t.id)
		return err
	})
	return found
}

// replies are the answers and updates of a ticket, as "purpose state".
func (s *story) replies(t *ticket) (all []string) {
	s.t.Helper()
	for _, r := range s.ticket(t).Replies {
		all = append(all, string(r.Purpose)+" "+string(r.State))
	}
	return all
}

func (s *story) view(look func(desk.Tx) error) {
	s.t.Helper()
	if err := s.app.store.View(s.t.Context(), look); err != nil {
		s.t.Fatal(err)
	}
}

// mentions reports whether a message mentions a person.
func (s *story) mentions(m slackstory.Message, name string) bool {
	s.t.Helper()
	b, err := json.Marshal(m.Blocks)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Contains(string(b), string(s.person(name)))
}

// forge presses a button that the card may not offer any more, as a person does whose screen is late.
func (s *story) forge(c *slackstory.Card, channel string, action desk.Action, user string) map[string]any {
	s.t.Helper()
	return s.control("click", forged(c, channel, action, user, s.token(c)))
}

func forged(c *slackstory.Card, channel string, action desk.Action, user, token string) map[string]any {
	return map[string]any{
		"channel": channel, "ts": c.TS(), "action_id": string(action), "value": token, "user": user, "force": true,
	}
}

// token is what a card's buttons carry.
func (s *story) token(c *slackstory.Card) string {
	s.t.Helper()
	m, _ := c.Message()
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			if button, _ := e.(map[string]any); button["type"] == "button" {
				return button["value"].(string)
			}
		}
	}
	s.t.Fatalf("no button on %s", m)
	return ""
}

// sockets is how many of the app's sockets are up, by its own metrics.
func (s *story) sockets() float64 {
	s.t.Helper()
	families, err := s.app.registry.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "warmline_slack_sockets" {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	s.t.Fatal("no metric counts the sockets")
	return 0
}

// webAPI calls a method of Slack's Web API as the app.
func (s *story) webAPI(method string, in map[string]any) {
	s.t.Helper()
	if out, err := post(s.slack, slackBase+"/api/"+method, in); err != nil || out["ok"] != true {
		s.t.Fatalf("%s: %v, %v", method, out, err)
	}
}
