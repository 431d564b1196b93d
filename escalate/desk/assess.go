package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
)

// unreadable is how often a ticket may be missing before it counts as gone: a webhook can be faster than the helpdesk's
// own index, and one answer out of line must not take a ticket from its customer.
const unreadable = 5

// gone reports whether a call failed because its ticket is no longer there, as far as repeats can tell.
func gone(j Leased, err error) bool { return errors.Is(err, ErrNotFound) && j.Attempt >= unreadable }

// assess reads a ticket from its helpdesk, asks the brain, and commits the decision with everything it causes.
func (s *Service) assess(ctx context.Context, j Leased) error {
	late := time.NewTimer(holdAfter)
	defer late.Stop()
	w, t, now, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	snap, err := s.read(ctx, j, t)
	switch {
	case gone(j, err):
		snap = &Snapshot{Status: escalate.StatusGone, Content: t.Content}
	case err != nil:
		return err
	}
	var a *escalate.Assessment
	if newsFor(t, snap) || w.Force && waits(t, snap) {
		var held bool
		if a, held = s.askInTime(ctx, late.C, now, t, snap); held {
			// Meanwhile the line was sent, and the ticket read for it: what was read before must not take that back.
			if fresh, err := s.read(ctx, j, t); err == nil {
				snap = fresh
			} else if !gone(j, err) {
				return err
			}
		}
	}
	// Commit point: what was read, what was decided and every job that follows are there together, or not at all. A
	// crash before it costs one more reading.
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, w.Ticket)
		if err != nil {
			return err
		}
		if err := c.take(ctx, snap); err != nil {
			return err
		}
		if a != nil {
			if err := c.decide(ctx, a, w.Force); err != nil {
				return err
			}
		}
		if err := c.save(ctx); err != nil {
			return err
		}
		return tx.Finish(ctx, j)
	})
}

// read fetches a ticket from its helpdesk. A reading that is older than the one before, as a lagging replica gives, is an
// error: it would take back what is known. When it stays so, the helpdesk has gone back in time and is believed.
func (s *Service) read(ctx context.Context, j Leased, t *escalate.Ticket) (*Snapshot, error) {
	hd, err := s.helpdesk(t.Ref)
	if err != nil {
		return nil, err
	}
	snap, err := hd.Read(ctx, t.Ref.ID)
	if err != nil {
		return nil, fmt.Errorf("read ticket %s: %w", t.Ref.ID, err)
	}
	if newer, known := hd.Limits().Newer, t.Content.Stamp; newer != nil && known != "" && newer(known, snap.Stamp) && j.Attempt < unreadable {
		return nil, fmt.Errorf("read ticket %s: stale: at version %s, known at %s", t.Ref.ID, snap.Stamp, known)
	}
	snap.Content.Stamp = snap.Stamp
	return snap, nil
}

// waits reports whether the customer waits for an answer.
func waits(t *escalate.Ticket, snap *Snapshot) bool {
	seen := t.Look(&snap.Content, snap.Status, snap.Assignee)
	return !snap.Status.Ended() && !seen.WaitingSince.IsZero()
}

// newsFor reports whether the customer wrote or changed something that no decision has answered yet.
func newsFor(t *escalate.Ticket, snap *Snapshot) bool {
	seen := t.Look(&snap.Content, snap.Status, snap.Assignee)
	return waits(t, snap) && (t.Decision == nil || t.Decision.Newest != seen.Customer || seen.Edited.After(t.Decision.Edited))
}

// ask has the brain read a ticket. Whatever goes wrong there is a finding about the ticket, never a reason to stop.
func (s *Service) ask(ctx context.Context, now time.Time, t *escalate.Ticket, snap *Snapshot) (a *escalate.Assessment) {
	read := *t
	read.Content = snap.Content
	seen := read.Look(&snap.Content, snap.Status, snap.Assignee)
	newest := escalate.Assessment{Newest: seen.Customer, Edited: seen.Edited}
	defer func() {
		if p := recover(); p != nil {
			s.Logger.ErrorContext(ctx, "brain panicked", "ticket", t.Ref.ID, "panic", fmt.Sprint(p))
			a = &newest
			a.Fault = "it crashed"
		}
	}()
	got, err := s.Brain.Assess(ctx, now, &read)
	if err != nil {
		s.Logger.WarnContext(ctx, "brain failed", "ticket", t.Ref.ID, "error", err)
		got = newest
		got.Fault = "it failed"
	}
	got.Newest, got.Edited = seen.Customer, seen.Edited
	if withdrawnFor(t, seen.Customer, movedSource) >= unsteady {
		got.Fault = "what its answers rest on did not hold until they could be sent" // as where replicas know different texts
	}
	return &got
}

// take writes down what was read, when it differs from what was known.
func (c *change) take(ctx context.Context, snap *Snapshot) error {
	seen := c.ticket.Look(&snap.Content, snap.Status, snap.Assignee)
	if err := c.tx.SaveContent(ctx, c.ticket.ID, &snap.Content); err != nil {
		return fmt.Errorf("save content of ticket %s: %w", c.ticket.ID, err)
	}
	if c.ticket.Handoff != nil && newest(&c.ticket.Content) != newest(&snap.Content) {
		c.effects = append(c.effects, escalate.Effect{Kind: escalate.EffectTranscript, Handoff: c.ticket.Handoff.ID})
	}
	if err := c.tellEdits(ctx, snap); err != nil {
		return err
	}
	if err := c.follow(ctx, snap.Merged); err != nil {
		return fmt.Errorf("follow ticket %s to %s: %w", c.ticket.ID, snap.Merged, err)
	}
	c.ticket.Content, c.deadlines = snap.Content, &snap.Deadlines
	if changed(&c.ticket.Conversation, seen) {
		if err := c.apply(actorHelpdesk, escalate.Read{Seen: seen}); err != nil {
			return err
		}
	}
	return c.retargetActive(ctx)
}

// newest is the id of the newest message of any kind.
func newest(c *escalate.Content) escalate.MessageID {
	if len(c.Messages) == 0 {
		return ""
	}
	return c.Messages[len(c.Messages)-1].ID
}

// changed reports whether a reading shows anything but a new stamp: our own notes and tags move that, and are no news.
func changed(known *escalate.Conversation, seen escalate.Seen) bool {
	return known.Status != seen.Status || known.Assignee != seen.Assignee || known.Newest != seen.Newest ||
		known.Customer != seen.Customer || known.Human != seen.Human || !known.HumanAt.Equal(seen.HumanAt) ||
		!known.WaitingSince.Equal(seen.WaitingSince) || !known.Edited.Equal(seen.Edited)
}

// decide takes the decision under the policy of this very transaction and opens what it calls for.
func (c *change) decide(ctx context.Context, a *escalate.Assessment, force bool) error {
	t := c.ticket
	if t.Decision != nil && t.Decision.Newest == a.Newest && !a.Edited.After(t.Decision.Edited) && (!force || t.DealtWith()) {
		return nil // another runner was faster, or a person
	}
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	world, err := c.world(ctx, p, a.Topic)
	if err != nil {
		return err
	}
	world.Lookup = a.Lookup
	now := c.tx.Now()
	a.ID = escalate.AssessmentID(c.s.NewID(now))
	d := escalate.Decide(now, p, t, *a, world)
	if err := c.tx.PutAssessment(ctx, t.ID, a); err != nil {
		return fmt.Errorf("save assessment of ticket %s: %w", t.ID, err)
	}
	event := escalate.Decided{Decision: d, Clock: clock(now, p, t)}
	if t.Handoff.Active() || t.Opens(&d) {
		if err := c.retarget(ctx, p); err != nil {
			return err
		}
	}
	if d.Leave == "" {
		if err := c.open(ctx, p, a, &event); err != nil {
			return err
		}
	}
	return c.apply(actorPolicy, event)
}

// open names what a decision opens: the hand-off, the proposed answer, the acknowledgement.
func (c *change) open(ctx context.Context, p *escalate.Policy, a *escalate.Assessment, e *escalate.Decided) error {
	now, t, d := c.tx.Now(), c.ticket, &e.Decision
	if t.Opens(d) {
		e.Handoff = escalate.HandoffID(c.s.NewID(now))
	}
	if a.Answer != nil && d.Draft != escalate.DraftNone {
		text := a.Answer.Text
		if d.Way == escalate.WayAuto {
			text += aiNotice(a.Lang)
		}
		reply, err := c.write(ctx, escalate.PurposeAnswer, text, a.Newest)
		if err != nil {
			return err
		}
		reply.Answer = a.Answer.ID
		if len(a.Answer.Facts) > 0 {
			reply.Facts = a.ID
		}
		if len(a.RestsOn()) > 0 {
			reply.Rests = a.ID
		}
		e.Reply = reply
	}
	heard := told(t) || !t.Conversation.HumanAt.IsZero() || acknowledged(t)
	if d.Way == escalate.WayEscalate && !heard && !d.Has(escalate.Safety) {
		ack, err := c.acknowledge(ctx, p, a, d)
		if err != nil {
			return err
		}
		e.Ack = ack
	}
	return nil
}

// acknowledged reports whether the customer has been told, or may be any moment, that a person will read it. While no person has
// written, the same words again would say nothing, and a first one that is late would stand right beside the second.
func acknowledged(t *escalate.Ticket) bool {
	return slices.ContainsFunc(t.Replies, func(r escalate.Reply) bool {
		return r.Purpose == escalate.PurposeAck && (r.Begun() || r.State == escalate.ReplySent || r.State == escalate.ReplyAsk)
	})
}

// write keeps the exact bytes of a new reply and returns what the history may know of it.
func (c *change) write(ctx context.Context, purpose escalate.Purpose, text string, newest escalate.MessageID) (*escalate.Proposal, error) {
	p := &escalate.Proposal{
		ID: escalate.ReplyID(c.s.NewID(c.tx.Now())), Purpose: purpose, Hash: hashOf(text), Newest: newest,
		SeenEdit: c.ticket.Conversation.Edited, Assignee: c.ticket.Conversation.Assignee,
	}
	if err := c.tx.PutText(ctx, c.ticket.ID, replyKey(p.ID), text); err != nil {
		return nil, fmt.Errorf("save reply of ticket %s: %w", c.ticket.ID, err)
	}
	return p, nil
}

// replyKey is the key of a reply's text among a ticket's texts.
func replyKey(id escalate.ReplyID) string { return "reply:" + string(id) }

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// decision decides with what is known of the ticket under the policy in force, without anything happening. mark adds to the world
// what only the caller knows; nil adds nothing.
func (c *change) decision(ctx context.Context, a *escalate.Assessment, mark func(*escalate.World)) (*escalate.Policy, escalate.Decision, error) {
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return nil, escalate.Decision{}, fmt.Errorf("load policy: %w", err)
	}
	world, err := c.world(ctx, p, a.Topic)
	if err != nil {
		return nil, escalate.Decision{}, err
	}
	if mark != nil {
		mark(&world)
	}
	return p, escalate.Decide(c.tx.Now(), p, c.ticket, *a, world), nil
}

// world gathers what a decision needs beside ticket and policy.
func (c *change) world(ctx context.Context, p *escalate.Policy, topic string) (escalate.World, error) {
	var w escalate.World
	pauses, err := c.tx.Pauses(ctx)
	if err != nil {
		return w, fmt.Errorf("load pauses: %w", err)
	}
	for _, scope := range []string{"", topic} {
		if by, ok := pauses[scope]; ok && !w.Paused {
			w.Paused, w.PausedBy = true, by
		}
	}
	w.Asked = slices.Contains(c.ticket.Content.Tags, escalate.TagEscalated)
	if w.Record, err = c.tx.TopicRecord(ctx, topic); err != nil {
		return w, fmt.Errorf("load record of topic %q: %w", topic, err)
	}
	if w.Unstaffed, err = c.unstaffed(ctx, p); err != nil {
		return w, err
	}
	w.Promise, err = c.s.backed(ctx, c.tx, p, topic)
	return w, err
}

// clock computes the instants that a decision sets in motion.
func clock(now time.Time, p *escalate.Policy, t *escalate.Ticket) escalate.Clock {
	c := escalate.Clock{SendAt: escalate.At(burstEnd(now, p, t))}
	if !p.KeepWarm.Off && p.KeepWarm.Cap > 0 {
		c.Warm = escalate.At(now.Add(p.KeepWarm.Gap(0)))
	}
	return c
}

// burstEnd is when a customer who may still be typing has been quiet for long enough.
func burstEnd(now time.Time, p *escalate.Policy, t *escalate.Ticket) time.Time {
	quiet := p.Pace.EmailBurst
	if isChat(t) {
		quiet = p.Pace.ChatBurst
	}
	end := t.Conversation.CustomerAt.Add(quiet)
	if latest := burstStart(t).Add(p.Pace.BurstMax); latest.Before(end) {
		end = latest
	}
	if end.Before(now) {
		return now
	}
	if latest := now.Add(quiet); end.After(latest) {
		return latest // by a clock of the helpdesk's that is ahead of ours
	}
	return end
}

// burstStart is when the customer wrote the first message after the last one that was not theirs.
func burstStart(t *escalate.Ticket) time.Time {
	start := t.Conversation.CustomerAt
	for i := len(t.Content.Messages) - 1; i >= 0; i-- {
		m := &t.Content.Messages[i]
		if m.Public && m.Role != escalate.RoleCustomer {
			break
		}
		if m.Public {
			start = m.At
		}
	}
	return start
}
