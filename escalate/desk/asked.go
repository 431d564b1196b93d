package desk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"warmline/escalate"
)

// anyMention is a person in a message's text.
var anyMention = regexp.MustCompile(`<@[UW][A-Z0-9]+(?:\|[^>]*)?>`)

// about says which question words ask for what; the first that fits is answered. No question at all asks for everything in short.
var about = []struct {
	words  []string
	answer func(c *Card, d *escalate.Decision) []string
}{
	{[]string{"why", "reason", "sure", "confidence", "warum", "pourquoi"}, tellWhy},
	{[]string{"similar", "before", "like this", "solved", "ähnlich"}, tellSimilar},
	{[]string{"source", "where", "article", "macro", "rest on", "quelle"}, tellSources},
	{[]string{"tried", "attempt", "history"}, tellTried},
	{[]string{"next", "do", "should", "suggest", "answer"}, tellNext},
}

// discuss answers a question about a ticket that somebody put to us in the thread of its card: there, from what is known.
func (a *act) discuss(ctx context.Context) error {
	row, err := a.tx.CardAt(ctx, a.press.On)
	if errors.Is(err, ErrNotFound) {
		return a.say(ctx, "Mention me in the thread of a ticket's card, and I say what I know of that ticket. Everything else: /escalate help")
	}
	if err != nil {
		return fmt.Errorf("find card: %w", err)
	}
	if a.change, err = a.s.change(ctx, a.tx, row.Ticket); err != nil {
		return err
	}
	t := a.ticket()
	if t.Handoff == nil || t.Handoff.ID != row.Handoff || t.Decision == nil {
		return a.noEffect(ctx, "This card is about an earlier hand-off of the ticket; there is a newer one.")
	}
	card, err := drawing(ctx, a.tx, t, row)
	if err != nil {
		return err
	}
	question := " " + strings.ToLower(strings.TrimSpace(anyMention.ReplaceAllString(a.press.Fields["text"], " "))) + " "
	text := strings.Join(tellShort(card), "\n")
	for _, k := range about {
		if hasAny(question, k.words) {
			text = strings.Join(k.answer(card, t.Decision), "\n")
			break
		}
	}
	post := ThreadPost{Key: "asked-" + a.press.ID, Head: "For " + a.who.Name, Text: text, At: a.tx.Now()}
	if err := a.change.enqueueThread(ctx, t.Handoff, post); err != nil {
		return err
	}
	return a.done(ctx, "asked in the thread")
}

func hasAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func tellShort(c *Card) []string {
	lines := []string{"The customer wants: " + said(c.Ask), "In short: " + said(c.Summary)}
	if len(c.Given) > 0 {
		lines = append(lines, "Already given: "+strings.Join(c.Given, ", "))
	}
	lines = append(lines, "Next: "+said(c.NextStep))
	return append(lines, "Ask me: why, similar, sources, tried, or next.")
}

func tellWhy(c *Card, d *escalate.Decision) []string {
	lines := []string{fmt.Sprintf("It was %s, because %s.", wayWords(d), boundWords[d.Bound])}
	for _, r := range c.Reasons {
		line := "· " + r.Words
		if len(r.Quotes) > 0 {
			line += ": “" + strings.Join(r.Quotes, "”, “") + "”"
		}
		lines = append(lines, line)
	}
	for _, f := range c.Factors {
		lines = append(lines, "· "+pullWords(f.Pull)+": "+f.Words)
	}
	return lines
}

func tellSimilar(c *Card, _ *escalate.Decision) []string {
	return listed("Solved before, much like this:", c.Similar, "I know no ticket much like this.")
}

func tellSources(c *Card, _ *escalate.Decision) []string {
	return listed("The answer rests on:", c.Sources, "There is no answer that would rest on anything.")
}

func tellTried(c *Card, _ *escalate.Decision) []string {
	if len(c.Attempts) == 0 {
		return []string{"Nothing was tried yet."}
	}
	var lines []string
	for _, at := range c.Attempts {
		line := "· " + string(at.By) + ": " + at.Text
		if at.Reaction != "" {
			line += "; the customer: " + at.Reaction
		}
		lines = append(lines, line)
	}
	return lines
}

func tellNext(c *Card, _ *escalate.Decision) []string { return []string{"Next: " + said(c.NextStep)} }

func listed(head string, sources []escalate.Source, none string) []string {
	if len(sources) == 0 {
		return []string{none}
	}
	lines := []string{head}
	for _, s := range sources {
		lines = append(lines, fmt.Sprintf("· %s (%s): %s", s.Title, s.Kind, shortened(s.Passage, 300)))
	}
	return lines
}

// said is a text, or that there is none.
func said(s string) string {
	if strings.TrimSpace(s) == "" {
		return "nothing that I could tell"
	}
	return s
}
