package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate"
)

// boundWords says what bound a decision.
var boundWords = map[escalate.Bound]string{
	escalate.BoundPause:     "the AI is paused",
	escalate.BoundExclusion: "an exclusion keeps it from the AI",
	escalate.BoundTrigger:   "a trigger fired",
	escalate.BoundLadder:    "the topic is not yet allowed to answer by itself",
	escalate.BoundHuman:     "a person has it, or was asked for",
	escalate.BoundPromise:   "the evidence does not keep the promise at this confidence",
	escalate.BoundThreshold: "the confidence decided",
}

// why explains the newest decision of a ticket from what was stored with it.
func (a *act) why(ctx context.Context, args []string) error {
	id, err := a.find(ctx, "why", args)
	if id == "" {
		return err
	}
	t, err := a.tx.Ticket(ctx, id)
	if err != nil {
		return fmt.Errorf("load ticket %s: %w", id, err)
	}
	d := t.Decision
	if d == nil {
		return a.say(ctx, "#%s has not been decided yet.", t.Ref.ID)
	}
	ans := Answer{
		Text: fmt.Sprintf("#%s: %s, because %s", t.Ref.ID, wayWords(d), boundWords[d.Bound]),
		Lines: []Line{
			{Head: "#" + t.Ref.ID, Text: wayWords(d)},
			{Head: "Because", Text: boundWords[d.Bound]},
			{Head: "Confidence", Text: fmt.Sprintf("%s; answers from %s, drafts from %s (policy %d, topic %s)",
				percent(d.Confidence), percent(d.Auto), percent(d.DraftFrom), d.Policy, topicWords(d.Topic))},
		},
	}
	if d.Leave == "" && d.Way != escalate.WayAuto {
		ans.Lines = append(ans.Lines, Line{Head: "Goes to", Text: channelWords(d)})
	}
	if d.World.Promise != nil {
		ans.Lines = append(ans.Lines, Line{Head: "Promise", Text: backedWords(d.World.Promise)})
	}
	if d.World.Lookup != nil {
		ans.Lines = append(ans.Lines, Line{Head: "Look-up", Text: lookupWords(d.World.Lookup)})
	}
	for i := range d.Reasons {
		line := reasonLine(&t.Content, &d.Reasons[i])
		text := append([]string{line.Words}, line.Quotes...)
		ans.Lines = append(ans.Lines, Line{Head: fmt.Sprintf("Reason %d", i+1), Text: strings.Join(text, " · ")})
	}
	as, err := a.tx.Assessment(ctx, t.ID, d.Assessment)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("load assessment: %w", err)
	}
	if err == nil {
		for _, f := range as.Factors {
			ans.Lines = append(ans.Lines, Line{Head: pullWords(f.Pull), Text: f.Words})
		}
	}
	history, err := a.tx.History(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("load history: %w", err)
	}
	if line, ok := a.offerLine(ctx, history); ok {
		ans.Lines = append(ans.Lines, line)
	}
	targets, err := a.targetLines(ctx, t)
	if err != nil {
		return err
	}
	ans.Lines = append(ans.Lines, targets...)
	if _, held := a.policy.InTrial(t); held && t.Handoff.Active() {
		ans.Lines = append(ans.Lines, Line{Head: "Updates", Text: "none: " + stopHeld})
	}
	history = slices.DeleteFunc(history, func(h Happened) bool { // the lines above say what these came to
		kind := h.Event.EventKind()
		return kind == escalate.Targeted{}.EventKind() || kind == escalate.Timed{}.EventKind()
	})
	for _, h := range history[max(0, len(history)-8):] {
		ans.Lines = append(ans.Lines, Line{Head: a.local(h.At), Text: h.Event.EventKind() + " by " + a.name(ctx, escalate.PersonID(h.Actor))})
	}
	return a.answer(ctx, ans)
}

// channelWords says where a hand-off goes, and by what.
func channelWords(d *escalate.Decision) string {
	words := "#" + d.Channel
	if d.Rule != "" {
		words += fmt.Sprintf(", by the route “%s” of policy %d", d.Rule, d.Policy)
	}
	if len(d.Skills) > 0 {
		words += "; needs " + strings.Join(d.Skills, ", ")
	}
	if d.Instead != "" {
		words += fmt.Sprintf("; #%s has nobody on shift", d.Instead)
	}
	return words
}

// offerLine says whom the ticket was offered to last, or that nobody could be, and why; ok is false when nothing was.
func (a *act) offerLine(ctx context.Context, history []Happened) (line Line, ok bool) {
	for _, h := range slices.Backward(history) {
		e, is := h.Event.(escalate.Offered)
		if !is {
			continue
		}
		who := "nobody"
		if e.Choice.Person != "" {
			who = a.rotaName(ctx, e.Choice.Person)
		}
		words := []string{fmt.Sprintf("%s, in %s: %s", who, e.Rota, e.Choice.Reason)}
		for j := range e.Choice.LeftOut {
			out := &e.Choice.LeftOut[j]
			words = append(words, a.rotaName(ctx, out.Person)+" "+out.String())
		}
		return Line{Head: "Offered to", Text: strings.Join(words, "; ")}, true
	}
	return line, false
}

// lookupWords says what was asked about the customer and what came of it.
func lookupWords(l *escalate.Lookup) string {
	asked := "asked for " + strings.Join(l.Asked, ", ")
	switch {
	case l.Fault != "":
		return asked + ": " + l.Fault
	case len(l.Used) == 0:
		return asked + ": nothing is known that the answer could use"
	}
	return asked + "; the answer rests on " + strings.Join(l.Used, ", ")
}

func wayWords(d *escalate.Decision) string {
	switch {
	case d.Leave == escalate.LeaveThanks:
		return "left alone: a bare thank-you"
	case d.Leave == escalate.LeaveAutomatic:
		return "left alone: written by a machine"
	case d.Leave == escalate.LeaveObserve:
		return "only observed: would have been " + string(d.Way)
	case d.Leave != "":
		return "left in the helpdesk's queue"
	case d.Way == escalate.WayAuto:
		return "answered by the AI"
	case d.Way == escalate.WayDraft:
		return "drafted for approval"
	}
	return "handed to a person"
}

func topicWords(topic string) string {
	if topic == "" {
		return "unknown"
	}
	return topic
}

func pullWords(pull float64) string {
	switch {
	case pull > 0:
		return "Speaks for it"
	case pull < 0:
		return "Speaks against it"
	}
	return "Neutral"
}
