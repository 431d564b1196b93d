package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"warmline/escalate"
)

// versionsShown is how many versions the history lists.
const versionsShown = 10

// history shows the versions of the policy, one of them, or goes back to one: "", "7", "7 back".
func (a *act) history(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return a.versions(ctx)
	}
	v, err := strconv.ParseInt(strings.TrimPrefix(args[0], "#"), 10, 64)
	back := len(args) == 2 && strings.EqualFold(args[1], "back")
	if err != nil || len(args) > 1 && !back {
		return a.misread(ctx, "Say which version: /escalate history 7 shows it, /escalate history 7 back goes back to it.")
	}
	p, err := a.tx.PolicyVersion(ctx, v)
	if errors.Is(err, ErrNotFound) {
		return a.say(ctx, "There is no version %d. The newest is %d; /escalate history lists them.", v, a.policy.Version)
	}
	if err != nil {
		return err
	}
	if !back {
		return a.version(ctx, p)
	}
	return a.revise(ctx, revision{why: fmt.Sprintf("back to version %d", v), edit: func(next *escalate.Policy) { *next = *p }})
}

// versions lists the newest versions, each with what it changed.
func (a *act) versions(ctx context.Context) error {
	log, err := a.tx.PolicyLog(ctx, versionsShown+1)
	if err != nil {
		return err
	}
	ans := Answer{Text: fmt.Sprintf("Versions of the policy up to %d", a.policy.Version), Lines: []Line{{Head: "Versions of the policy"}}}
	for i, e := range log[:min(len(log), versionsShown)] {
		var before *escalate.Policy
		if i+1 < len(log) {
			before = log[i+1].Policy
		}
		ans.Lines = append(ans.Lines, Line{Head: strconv.FormatInt(e.Policy.Version, 10), Text: a.entryWords(ctx, &e, before)})
	}
	ans.Lines = append(ans.Lines, usage("history")...)
	return a.answer(ctx, ans)
}

// entryWords says who made a version, when, why, and what it changed.
func (a *act) entryWords(ctx context.Context, e *PolicyEntry, before *escalate.Policy) string {
	words := fmt.Sprintf("%s, %s: %s", a.name(ctx, escalate.PersonID(e.By)), a.day(e.At), e.Why)
	if before == nil {
		return words
	}
	if changes := escalate.Diff(before, e.Policy); len(changes) > 0 {
		words += " (" + changeWords(changes) + ")"
	}
	return words
}

// version shows one version and what is different today.
func (a *act) version(ctx context.Context, p *escalate.Policy) error {
	log, err := a.tx.PolicyLog(ctx, int(a.policy.Version-p.Version)+2)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Version %d of the policy", p.Version)
	ans := Answer{Text: text, Lines: []Line{{Head: text}}}
	for i := range log {
		if log[i].Policy.Version != p.Version {
			continue
		}
		var before *escalate.Policy
		if i+1 < len(log) {
			before = log[i+1].Policy
		}
		ans.Lines = append(ans.Lines, Line{Text: a.entryWords(ctx, &log[i], before)})
	}
	ans.Lines = append(ans.Lines, Line{Head: "All topics", Text: a.line(p.Thresholds, p.Stage) + ", promise " + budgetWords(p.Budget)})
	since := "nothing"
	if changes := escalate.Diff(p, a.policy); len(changes) > 0 {
		since = changeWords(changes)
	}
	ans.Lines = append(ans.Lines, Line{Head: "Changed since", Text: since})
	if p.Version != a.policy.Version {
		ans.Lines = append(ans.Lines, Line{Head: "To go back", Text: fmt.Sprintf("/escalate history %d back", p.Version), Code: true})
	}
	return a.answer(ctx, ans)
}

func budgetWords(budget float64) string {
	if budget == 0 {
		return "none"
	}
	return percent(budget)
}
