package desk

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
)

// Informed is a brain whose answers are filled with what the look-up knows of the customer. It reads a ticket, and where the
// best answer has gaps that facts could fill, it asks for exactly these and reads again with them. A look-up that fails leaves
// the gaps: such an answer is never sent automatically.
type Informed struct {
	Brain    Brain
	Facts    Facts
	Store    Store // of the policy: what it excludes is asked of nobody
	NewToken func() string
	Logger   *slog.Logger
}

var _ Brain = (*Informed)(nil)

// Why a look-up gave no facts, in words for people.
const (
	lookupFailed   = "the look-up gave no answer that counts"
	lookupUnsteady = "its answers did not hold until they could be sent"
)

// unsteady is how often an answer may be withdrawn for its facts before a person has to look: what changes from one look to
// the next would be decided anew without end.
const unsteady = 2

// Assess implements Brain. It fails only where the brain does.
func (b *Informed) Assess(ctx context.Context, now time.Time, t *escalate.Ticket) (escalate.Assessment, error) {
	a, err := b.Brain.Assess(ctx, now, t)
	if err != nil || a.Answer == nil {
		return a, err
	}
	want := escalate.FactsFor(a.Answer.Unfilled)
	if len(want) == 0 || !b.may(ctx, now, t, &a) {
		return a, nil
	}
	a.Lookup = &escalate.Lookup{Asked: want}
	if withdrawnForFacts(t) >= unsteady {
		a.Lookup.Fault = lookupUnsteady
		return a, nil
	}
	facts, err := b.Facts.Facts(ctx, factQuery(t, &a, want))
	if err != nil {
		b.Logger.WarnContext(ctx, "look-up failed", "ticket", t.Ref.ID, "error", err)
		a.Lookup.Fault = lookupFailed
		return a, nil
	}
	if len(facts) == 0 {
		return a, nil
	}
	read := *t
	read.Facts = facts
	told, err := b.Brain.Assess(ctx, now, &read)
	if err != nil {
		return told, err
	}
	told.Lookup = a.Lookup
	citeFacts(&told, facts, b.NewToken())
	return told, nil
}

// may reports whether the look-up may hear of a ticket. What no draft is made for needs no facts; who asks for a person must not
// wait for them; where somebody else writes they might not be theirs to read; and in a chat the address is what a stranger
// typed, and the answer is shown to that stranger.
func (b *Informed) may(ctx context.Context, now time.Time, t *escalate.Ticket, a *escalate.Assessment) bool {
	if t.Content.Customer.Email == "" || t.Content.Channel == "chat" || a.Automatic || a.Thanks || a.Fault != "" || slices.ContainsFunc(a.Signals, keepsFromLookup) {
		return false
	}
	var p *escalate.Policy
	err := b.Store.View(ctx, func(tx Tx) (err error) {
		p, err = tx.Policy(ctx)
		return err
	})
	if err != nil {
		b.Logger.WarnContext(ctx, "look-up not asked", "ticket", t.Ref.ID, "error", err)
		return false
	}
	d := escalate.Decide(now, p, t, *a, escalate.World{})
	return d.Draft != escalate.DraftNone
}

func keepsFromLookup(s escalate.Trigger) bool {
	switch s.Kind {
	case escalate.Safety, escalate.Suspicious, escalate.HumanRequest, escalate.Participant:
		return s.Strength >= escalate.FireStrength
	default:
		return false
	}
}

// withdrawnForFacts counts the answers to the customer's newest message that were withdrawn because of their facts.
func withdrawnForFacts(t *escalate.Ticket) (n int) {
	return withdrawnFor(t, t.Look(&t.Content, "", "").Customer, movedFacts, movedLookup)
}

// withdrawnFor counts the answers to a message that were withdrawn for one of some reasons.
func withdrawnFor(t *escalate.Ticket, newest escalate.MessageID, whys ...string) (n int) {
	for i := range t.Replies {
		if r := &t.Replies[i]; r.Newest == newest && slices.Contains(whys, r.Detail) {
			n++
		}
	}
	return n
}

func factQuery(t *escalate.Ticket, a *escalate.Assessment, want []string) FactQuery {
	return FactQuery{Email: t.Content.Customer.Email, Ticket: t.Ref.ID, Want: want, Mentioned: a.Orders}
}

// citeFacts names the facts that an answer rests on as one source of it. The salt of its version lies in front of the hash,
// so that both are erased together.
func citeFacts(a *escalate.Assessment, facts []escalate.Fact, salt string) {
	if a.Answer == nil || len(a.Answer.Facts) == 0 {
		return
	}
	s := factSource(a.Answer.Facts, facts, salt)
	a.Sources = append(slices.Clip(a.Sources), s)
	a.Lookup.Used = a.Answer.Facts
	_, a.Lookup.Hash, _ = strings.Cut(s.Version, ":")
}

func factSource(names []string, facts []escalate.Fact, salt string) escalate.Source {
	var used []escalate.Fact
	var lines []string
	for _, f := range facts {
		if slices.Contains(names, f.Name) {
			used = append(used, f)
			lines = append(lines, strings.ReplaceAll(f.Name, "_", " ")+": "+f.Value)
		}
	}
	return escalate.Source{
		ID: escalate.SourceLookup, Kind: escalate.SourceLookup, Title: "What was looked up of the customer", Passage: strings.Join(lines, "\n"), Score: 1,
		Version: salt + ":" + escalate.HashFacts(salt, used),
	}
}
