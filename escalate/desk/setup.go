package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"warmline/escalate"
)

// JobSetup looks how far the setup is, and tells one person, or on the first start those who may change the policy.
const JobSetup = "setup"

type setupWork struct {
	To *Recipient `json:"to,omitempty"` // who asked; nil on the first start
}

// Checker asks Slack whether what the policy names is there. Each returned line says of one thing what is missing and how to mend
// it.
type Checker interface {
	CheckChannels(ctx context.Context, names []string) ([]string, error)
	CheckGroups(ctx context.Context, handles []string) ([]string, error)
}

// FirstStart has the checklist brought to those who may change the policy, once in the life of a database.
func (s *Service) FirstStart(ctx context.Context) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if done, err := tx.Setting(ctx, "setup"); err != nil || done != "" {
			return err
		}
		j, err := newJob(JobSetup, setupWork{})
		if err != nil {
			return err
		}
		j.Key = "first"
		// Commit point: the setting and the job are there together, so that it is told once.
		if err := tx.PutSetting(ctx, "setup", "told"); err != nil {
			return err
		}
		return tx.Enqueue(ctx, j)
	})
}

// setupAsked has the one who asks told how far the setup is.
func (a *act) setupAsked(ctx context.Context) error {
	to := a.recipient()
	j, err := newJob(JobSetup, setupWork{To: &to})
	if err != nil {
		return err
	}
	j.Urgent = true
	if err := a.tx.Enqueue(ctx, j); err != nil {
		return err
	}
	if err := a.audit(ctx, "setup", outcomeDone, "looked at"); err != nil {
		return err
	}
	if a.press.Action == ActCommand {
		return a.say(ctx, "Looking how far the setup is …")
	}
	return nil
}

// setup draws the checklist from what Slack and the database say now.
func (s *Service) setup(ctx context.Context, j Leased) error {
	var w setupWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	var p *escalate.Policy
	if err := s.Store.View(ctx, func(tx Tx) (err error) { p, err = tx.Policy(ctx); return err }); err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	ans := Answer{Text: "Setting up Warmline: what is done, and what is next.", Actions: []Action{ActSetup}, Token: setupToken}
	ans.Lines = append([]Line{{Head: ans.Text}}, s.checklist(ctx, p)...)
	if w.To != nil {
		return s.Store.Update(ctx, func(tx Tx) error {
			if err := s.enqueueTell(ctx, tx, *w.To, ans); err != nil {
				return err
			}
			return tx.Finish(ctx, j)
		})
	}
	groups, err := s.Directory.ReadGroups(ctx)
	if err != nil {
		return fmt.Errorf("read the Slack groups: %w", err)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		for _, id := range leadsOf(&p.Roles, groups) {
			if err := enqueueDelivery(ctx, tx, &delivery{To: Recipient{Person: id}, Key: hashOf("setup" + string(id))[:32], Answer: ans}); err != nil {
				return err
			}
		}
		return tx.Finish(ctx, j)
	})
}

// setupToken is what the checklist's button carries: it names nothing, because what it does anybody may do who may ask.
const setupToken = "setup"

// mostTold is how many people the first start tells.
const mostTold = 5

// leadsOf lists who may change the policy, by name or by their groups.
func leadsOf(r *escalate.Roles, groups []Group) []escalate.PersonID {
	var ids []escalate.PersonID
	for _, who := range slices.Concat(r.Admins, r.Leads) {
		if !strings.HasPrefix(who, "@") {
			ids = append(ids, escalate.PersonID(who))
		}
		for _, g := range groups {
			if g.Handle == who {
				ids = append(ids, g.Members...)
			}
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), mostTold)]
}

// checklist is each step with what is done of it, or what to do.
func (s *Service) checklist(ctx context.Context, p *escalate.Policy) []Line {
	var lines []Line
	step := func(name string, missing []string, done string) {
		text := "done: " + done
		if len(missing) > 0 {
			text = "to do: " + strings.Join(missing, "; ")
		}
		lines = append(lines, Line{Head: fmt.Sprintf("%d. %s", len(lines)+1, name), Text: text})
	}
	channels, groups := p.Channels(), p.Groups()
	step("Channels", s.checked(ctx, channels, Checker.CheckChannels), "I am in #"+strings.Join(channels, ", #"))
	step("Roles", s.checked(ctx, groups, Checker.CheckGroups), "there are people in "+strings.Join(groups, ", "))
	step("Helpdesk", nil, "connected: "+strings.Join(slices.Sorted(maps.Keys(s.Helpdesks)), ", "))
	var missing []string
	if s.Simulator == nil {
		missing = []string{"give me past tickets (--history) and macros (--macros); then /escalate simulate shows what I would have done with them"}
	}
	step("Simulate", missing, "/escalate simulate shows what I would have done with your past tickets")
	missing = nil
	if p.Budget == 0 {
		missing = []string{"say how many automatic answers may be wrong at the most: /escalate promise 2%, or cautious, balanced, fast"}
	}
	step("Promise", missing, "at most "+percent(p.Budget)+" of all automatic answers may be wrong")
	var live []string
	for _, topic := range slices.Sorted(maps.Keys(p.Topics)) {
		if _, stage := p.For(topic); stage.Answers() {
			live = append(live, topic)
		}
	}
	missing = nil
	if len(live) == 0 && !p.Stage.Answers() {
		missing = []string{"everything is drafted for now, and people approve. With their approvals as evidence: /escalate ladder TOPIC up"}
	}
	if p.Stage.Answers() {
		live = append(live, "all that have no rung of their own")
	}
	step("Go live", missing, "answered by themselves, as far as the promise goes: "+strings.Join(live, ", "))
	return lines
}

// checked asks Slack about names; where it cannot be asked, that is what there is to do.
func (s *Service) checked(ctx context.Context, names []string, ask func(Checker, context.Context, []string) ([]string, error)) []string {
	if s.Checker == nil {
		return nil
	}
	faults, err := ask(s.Checker, ctx, names)
	if err != nil {
		s.Logger.WarnContext(ctx, "setup not checked with Slack", "error", err)
		return []string{"Slack could not be asked just now; try again"}
	}
	return faults
}
