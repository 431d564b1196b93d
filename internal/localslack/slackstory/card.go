package slackstory

import (
	"fmt"
	"strings"
)

// Card is one message, read anew each time it is looked at.
type Card struct {
	channel *Channel
	ts      string
}

// TS is the message's timestamp.
func (c *Card) TS() string { return c.ts }

// Message returns the card as it is now; ok is false once it is deleted.
func (c *Card) Message() (m Message, ok bool) {
	c.channel.story.tb.Helper()
	for _, m := range c.channel.Messages() {
		if m.TS == c.ts {
			return m, m.Subtype != "tombstone" // what is left of a deleted message that has replies
		}
	}
	return Message{}, false
}

// ExpectText waits until the card shows the text.
func (c *Card) ExpectText(text string) *Card {
	c.channel.story.tb.Helper()
	c.expect(fmt.Sprintf("card %s to show %q", c.ts, text), func(m Message) bool { return m.Shows(text) })
	return c
}

// ExpectNoText waits until the card no longer shows the text.
func (c *Card) ExpectNoText(text string) *Card {
	c.channel.story.tb.Helper()
	c.expect(fmt.Sprintf("card %s without %q", c.ts, text), func(m Message) bool { return !m.Shows(text) })
	return c
}

// ExpectButton waits until the card has a button, or a menu's option, with that
// label.
func (c *Card) ExpectButton(label string) *Card {
	c.channel.story.tb.Helper()
	c.expect(fmt.Sprintf("card %s to offer %q", c.ts, label), func(m Message) bool {
		_, _, ok := find(m.Blocks, label)
		return ok
	})
	return c
}

// ExpectNoButton waits until the card offers no such label.
func (c *Card) ExpectNoButton(label string) *Card {
	c.channel.story.tb.Helper()
	c.expect(fmt.Sprintf("card %s not to offer %q", c.ts, label), func(m Message) bool {
		_, _, ok := find(m.Blocks, label)
		return !ok
	})
	return c
}

// ExpectGone waits until the card is deleted.
func (c *Card) ExpectGone() {
	s := c.channel.story
	s.tb.Helper()
	s.until("card "+c.ts+" to be gone", func() bool { _, ok := c.Message(); return !ok }, c.channel.dump)
}

func (c *Card) expect(want string, holds func(Message) bool) {
	s := c.channel.story
	s.tb.Helper()
	s.until(want, func() bool {
		m, ok := c.Message()
		return ok && holds(m)
	}, c.channel.dump)
}

// Click prepares a press on the button, or the choice of the option, with that
// visible text.
func (c *Card) Click(label string) *Click { return &Click{card: c, label: label} }

// Check prepares a press with boxes checked: those whose text begins so.
func (c *Card) Check(texts ...string) *Checked { return &Checked{c, texts} }

// Checked is a card with boxes checked.
type Checked struct {
	card  *Card
	texts []string
}

// Click prepares the press on the button with that visible text.
func (k *Checked) Click(label string) *Click {
	return &Click{card: k.card, label: label, checked: k.texts}
}

// Click is a press about to happen.
type Click struct {
	card    *Card
	label   string
	checked []string
}

// As presses as that person, waiting for the button to appear, and fails when
// the app does not acknowledge.
func (k *Click) As(user string) *Card {
	tb := k.card.channel.story.tb
	tb.Helper()
	if out := k.press(user); !out.OK {
		tb.Fatalf("click %q on %s as %s: %s", k.label, k.card.ts, user, out.Error)
	}
	return k.card
}

// FailsAs presses as that person and expects the failure that a person sees
// when the app does not answer in time.
func (k *Click) FailsAs(user string) {
	tb := k.card.channel.story.tb
	tb.Helper()
	if out := k.press(user); out.OK {
		tb.Fatalf("click %q on %s as %s was acknowledged; expected a failure", k.label, k.card.ts, user)
	}
}

func (k *Click) press(user string) result {
	c := k.card
	c.channel.story.tb.Helper()
	seen := &Card{channel: c.channel.As(user), ts: c.ts}
	seen.ExpectButton(k.label)
	m, _ := seen.Message()
	e, value, _ := find(m.Blocks, k.label)
	return c.channel.story.post("click", map[string]any{
		"channel": c.channel.name, "ts": c.ts, "action_id": e.action, "block_id": e.block, "value": value, "user": user,
		"state": k.boxes(m),
	})
}

// boxes is what the message's groups of boxes hold, by action id.
func (k *Click) boxes(m Message) map[string]any {
	c := k.card
	c.channel.story.tb.Helper()
	state := map[string]any{}
	for _, text := range k.checked {
		found := false
		for _, e := range elementsOf(m.Blocks) {
			for label, value := range e.options {
				if e.kind == "checkboxes" && strings.HasPrefix(label, text) {
					held, _ := state[e.action].([]string)
					state[e.action], found = append(held, value), true
				}
			}
		}
		if !found {
			c.channel.story.tb.Fatalf("no box %q on %s; there is:\n%s", text, c.ts, c.channel.dump())
		}
	}
	return state
}

// Thread is the thread under the card.
func (c *Card) Thread() *Thread { return &Thread{c} }

// Thread is the replies to a card.
type Thread struct{ card *Card }

// Expect waits for a reply that shows the text.
func (t *Thread) Expect(text string) *Card {
	t.card.channel.story.tb.Helper()
	return t.card.channel.find(fmt.Sprintf("a reply with %q under %s", text, t.card.ts), func(m Message) bool {
		return m.ThreadTS == t.card.ts && m.TS != t.card.ts && m.Shows(text)
	})
}

// Say replies in the thread as that person.
func (t *Thread) Say(user, text string) *Card {
	ch := t.card.channel
	ch.story.tb.Helper()
	out := ch.story.must("message", map[string]any{"channel": ch.name, "thread_ts": t.card.ts, "text": text, "user": user})
	return &Card{channel: ch, ts: out.TS}
}

// Texts returns what each reply shows, oldest first.
func (t *Thread) Texts() []string {
	t.card.channel.story.tb.Helper()
	var all []string
	for _, m := range t.card.channel.Messages() {
		if m.ThreadTS == t.card.ts && m.TS != t.card.ts {
			all = append(all, strings.TrimSpace(m.Visible()))
		}
	}
	return all
}
