package card

import (
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// maxText is the longest text that chat.update takes, in bytes.
const maxText = 4000

// fallback says the card in words: for notifications, screen readers, and clients that draw no blocks.
func fallback(c *desk.Card) string {
	parts := []string{
		"#" + line(c.Number, 30) + " " + subject(c, 200),
		reason(c, 100),
		"From " + customer(c),
		standingWords(c),
	}
	if want := line(c.Ask, maxAsk); want != "" {
		parts = append(parts, "Ask: "+want)
	}
	if m := mood(c.Mood); m != "" {
		parts = append(parts, m)
	}
	if what := dueText(c); what != "" {
		parts = append(parts, what)
	}
	return inText(sentences(parts))
}

// standingWords says the state of the hand-off and of its newest reply, without names.
func standingWords(c *desk.Card) string {
	s := map[escalate.HandoffState]string{
		escalate.HandoffOpen:      "Open, nobody has claimed it yet",
		escalate.HandoffClaimed:   "Claimed",
		escalate.HandoffTaken:     "Taken over in the helpdesk",
		escalate.HandoffResolved:  "Resolved",
		escalate.HandoffWithdrawn: "Moved to #" + c.Handoff.MovedTo,
	}[c.Handoff.State]
	switch {
	case c.Handoff.State == escalate.HandoffOpen:
		s += offeredToWords(c)
	case s == "":
		s = "Not handed off"
	case c.Handoff.GivenBack():
		s = "Given back to the AI"
	case !c.Handoff.Snoozed.IsZero():
		s += ", snoozed until " + utc(c.Handoff.Snoozed)
	}
	var more string
	switch {
	case !c.Handoff.Active():
	case asks(c):
		more = "please decide whether the " + what(c.Last.Purpose) + " arrived"
	case approved(c) && c.Moved != "":
		more = "a draft is approved, but will be held back"
	case approved(c):
		more = "a draft is approved and about to be sent"
	case c.Last != nil && c.Last.State == escalate.ReplyFailed:
		more = "the last " + what(c.Last.Purpose) + " was not sent"
	case hasDraft(c):
		more = "a draft is waiting"
	}
	if more != "" {
		s += "; " + more
	}
	s += informedWords(c)
	if c.Misrouted != "" {
		s += "; belongs into #" + c.Misrouted + ", which cannot be posted to"
	}
	return s
}

// sentences joins parts, ending each like a sentence.
func sentences(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
		if p != "" && !strings.ContainsAny(p[len(p)-1:], ".!?") {
			b.WriteByte('.')
		}
	}
	return b.String()
}

// Words makes words of ours fit for a text that Slack takes without blocks, such as what introduces a file.
func Words(s string) string { return inText(s) }

// inText makes words fit for a message's text: without live addresses, & < > escaped, and short enough.
func inText(s string) string {
	s = escaper.Replace(defang(Clean(s)))
	if len(s) <= maxText {
		return s
	}
	at := maxText - len("…")
	for at > 0 && s[at]&0xC0 == 0x80 { // not inside a character
		at--
	}
	if amp := strings.LastIndexByte(s[:at], '&'); amp >= 0 && !strings.Contains(s[amp:at], ";") {
		at = amp // not inside an escape
	}
	return s[:at] + "…"
}
