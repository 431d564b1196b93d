package card

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// details opens the rest: the whole text, every reason with its words, the confidence in parts, sources, similar tickets.
func details(c *desk.Card) []slack.Block {
	var out []slack.Block
	out = append(out, compact(about("From ", c))...)
	if c.Draft != nil && c.Draft.Use != escalate.DraftNone {
		words := "The draft, exactly as it would be sent"
		if c.Draft.Hidden {
			words = "The draft, with what is secret in it hidden"
		}
		out = append(out, title(words))
		out = append(out, quotes("draft", c.Draft.Text)...)
	}
	if c.Last != nil && strings.TrimSpace(Clean(c.Last.Text)) != "" {
		out = append(out, title("The last "+what(c.Last.Purpose)))
		out = append(out, quotes("last", c.Last.Text)...)
	}
	if c.Hidden {
		out = append(out, block("hidden", lines(row{}.strong("Something in the conversation is hidden here.").say(" To see it, alone and logged:").next().
			quote("/escalate reveal "+c.Number, 60))))
	}
	out = append(out, whyHuman(c)...)
	out = append(out, confidence(c)...)
	if s, _ := Cut(strings.TrimSpace(Clean(c.Summary)), 3000); s != "" {
		out = append(out, title("Summary"), block("summary", lines(row(text(s, nil)))))
	}
	out = append(out, sources("What the draft rests on", "source", c.Sources)...)
	out = append(out, sources("Solved before, much like this", "similar", c.Similar)...)
	return out
}

// maxWhole is the longest text that Details shows, in counted characters: a modal holds 250 kB.
const maxWhole = 30000

// quotes shows a text whole, in as many blocks as it takes.
func quotes(id, s string) []slack.Block {
	s, missing := Cut(s, maxWhole)
	var out []slack.Block
	for i, part := range chunks(s, 2900) {
		if b := block(fmt.Sprintf("%s.%d", id, i+1), quoted(strings.TrimSuffix(part, "\n"))); b != nil {
			out = append(out, b)
		}
	}
	if missing > 0 {
		out = append(out, block(id+".more", lines(row{}.strong("It goes on for "+escalate.Counted(missing, "more character,", "more characters,")).
			say(" too many for Slack. Read it in the helpdesk."))))
	}
	return out
}

func title(s string) slack.Block { return slack.NewHeaderBlock(plain(s, maxHeader)) }

func whyHuman(c *desk.Card) []slack.Block {
	r := row{}
	for i, why := range c.Reasons {
		if i == 15 {
			break
		}
		words := line(why.Words, 100)
		if words == "" {
			words = why.Kind.Words()
		}
		r = append(r.next(), text(words, bold)...)
		for j, q := range why.Quotes {
			if q = line(q, 200); q != "" && j < 3 {
				r = r.say(" “").quote(q, 200).say("”")
			}
		}
	}
	if len(r) == 0 {
		return nil
	}
	return []slack.Block{title("Why a person is asked"), block("reasons", lines(r))}
}

func confidence(c *desk.Card) []slack.Block {
	if len(c.Factors) == 0 && c.Confidence == 0 {
		return nil
	}
	r := row{}.strong(percent(c.Confidence)).say(" likely that this answer is right as it stands.")
	for i, f := range c.Factors {
		if i == 12 {
			break
		}
		words := line(f.Words, 200)
		if words == "" {
			words = line(f.Name, 60)
		}
		side := "Speaks for it: "
		switch {
		case f.Pull < 0:
			side = "Speaks against it: "
		case f.Pull == 0:
			side = "Neutral: "
		}
		r = r.next().say(side).quote(words, 200)
	}
	return []slack.Block{title("How sure the AI is"), block("confidence", lines(r))}
}

func sources(words, id string, list []escalate.Source) []slack.Block {
	var out []slack.Block
	for i, s := range list {
		if i == 6 {
			break
		}
		name := line(s.Title, 120)
		if name == "" {
			name = line(s.ID, 60)
		}
		head := append(row{}, text(name, bold)...).say(" · ").quote(s.Kind, 20)
		if s.Kind != escalate.SourceLookup { // it was asked for, not searched
			head = head.say(" · matched " + percent(s.Score))
		}
		if webAddress(s.URL) {
			head = head.say(" · ").quote(s.URL, 300)
		}
		passage, missing := Cut(s.Passage, 800)
		if missing > 0 {
			head = head.say(" · its first part, " + escalate.Counted(missing, "character is left out", "characters are left out"))
		}
		out = append(out, block(fmt.Sprintf("%s.%d", id, i+1), lines(head), quoted(passage)))
	}
	if len(out) == 0 {
		return nil
	}
	return append([]slack.Block{title(words)}, out...)
}
