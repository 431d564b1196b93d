package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
)

// sendReply moves one reply towards the customer, exactly once. The state decides what this run may do:
//
//	approved          check the fence, commit "sending" with marker and stamp, then call
//	sending, unknown  an earlier call may have been applied: wait until it is settled, read back, and only then
//	                  call again with the same marker and stamp
//	anything else     nothing
func (s *Service) sendReply(ctx context.Context, j Leased) error {
	w, t, now, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	r := t.Reply(w.Effect.Reply)
	switch {
	case r == nil:
		return s.finish(ctx, j)
	case r.State == escalate.ReplyApproved && now.Before(r.SendAt):
		return &Later{At: r.SendAt}
	case r.State == escalate.ReplyApproved:
		return s.begin(ctx, j, t, r)
	case r.Begun():
		return s.settle(ctx, j, now, t, r)
	}
	return s.finish(ctx, j)
}

// begin checks the fence against the ticket as it is now and commits "sending".
func (s *Service) begin(ctx context.Context, j Leased, t *escalate.Ticket, r *escalate.Reply) error {
	snap, err := s.read(ctx, j, t)
	if gone(j, err) {
		snap, err = &Snapshot{Status: escalate.StatusGone, Content: t.Content}, nil
	}
	if err != nil {
		return err
	}
	again, err := s.lookAgain(ctx, t, r)
	if err != nil {
		return err
	}
	if err := s.hearOf(ctx, t, r); err != nil {
		return err
	}
	files, err := s.replyFiles(ctx, j, t, r)
	if err != nil {
		return err
	}
	var out *outgoing
	var opens time.Time
	err = s.Store.Update(ctx, func(tx Tx) error {
		out, opens = nil, time.Time{}
		c, err := s.change(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if err := c.take(ctx, snap); err != nil {
			return err
		}
		r := c.ticket.Reply(r.ID)
		if r.State != escalate.ReplyApproved || tx.Now().Before(r.SendAt) {
			return errors.Join(c.save(ctx), tx.Finish(ctx, j)) // undone in time; a later approval has a job of its own
		}
		why, now, err := c.stops(ctx, r, again)
		if err != nil {
			return err
		}
		if why == "" && files.why != "" {
			why, now = files.why, []string{filesWayOut}
		}
		if why != "" {
			return errors.Join(c.hold(ctx, r, why, now...), c.save(ctx), tx.Finish(ctx, j))
		}
		if r.Purpose == escalate.PurposeWarm {
			if opens, err = c.opens(ctx); err != nil || opens.After(tx.Now()) {
				return errors.Join(err, c.save(ctx)) // it comes again when the customer may be written to
			}
		}
		if out, err = c.outgoing(ctx, r); isUnsendable(err) {
			out = nil
			return errors.Join(c.hold(ctx, r, err.Error()), c.save(ctx), tx.Finish(ctx, j))
		}
		if err != nil {
			return err
		}
		if err := out.load(ctx, c, files); err != nil {
			return err
		}
		if s.Helpdesks[t.Ref.Desk].Limits().Stamps {
			out.write.Stamp = snap.Stamp
		}
		if err := c.apply(actorWarmline, escalate.Sending{Reply: r.ID, Stamp: out.write.Stamp}); err != nil {
			return err
		}
		return c.save(ctx)
		// Commit point. Before it nothing was sent and nothing will be; after it the reply counts as perhaps sent until
		// the helpdesk's answer, or the conversation read back, says otherwise. Undo and Pause win only before it.
	})
	switch {
	case err != nil:
		return err
	case out == nil && !opens.IsZero():
		return &Later{At: opens}
	case out == nil:
		return nil
	}
	return s.call(ctx, j, out)
}

// settle looks whether an earlier call was applied, once it can no longer be applied late.
func (s *Service) settle(ctx context.Context, j Leased, now time.Time, t *escalate.Ticket, r *escalate.Reply) error {
	hd, err := s.helpdesk(t.Ref)
	if err != nil {
		return err
	}
	limits := hd.Limits()
	if settled := r.BegunAt.Add(limits.Settle); now.Before(settled) {
		return &Later{At: settled}
	}
	snap, err := s.read(ctx, j, t)
	if err != nil && !gone(j, err) {
		return err
	}
	var files fetched
	if _, again := settled(r, snap, limits, s.Reads); again {
		if files, err = s.replyFiles(ctx, j, t, r); err != nil {
			return err
		}
	}
	var out *outgoing
	err = s.Store.Update(ctx, func(tx Tx) error {
		out = nil
		c, err := s.change(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		r := c.ticket.Reply(r.ID)
		event, again := settled(r, snap, limits, s.Reads)
		switch {
		case !r.Begun():
			event, again = nil, false
		case again && files.why != "": // the same again cannot be sent any more, and nobody can tell whether it was
			event, again = escalate.Asked{Reply: r.ID}, false
		case again && !r.ByPerson():
			if paused, err := c.paused(ctx); err != nil {
				return err
			} else if paused { // what may not have arrived is not sent again while a pause holds
				event, again = lostForGood(r), false
			}
		}
		if event != nil {
			if err := c.apply(actorWarmline, event); err != nil {
				return err
			}
			if err := c.rescue(ctx, r); err != nil {
				return err
			}
		}
		if again {
			// Commit point of the repeated call: the same marker and stamp as the first.
			if err := c.apply(actorWarmline, escalate.Sending{Reply: r.ID, Stamp: r.Stamp}); err != nil {
				return err
			}
			if out, err = c.outgoing(ctx, r); err != nil {
				return err
			}
			if err := out.load(ctx, c, files); err != nil {
				return err
			}
			return c.save(ctx)
		}
		return errors.Join(c.save(ctx), tx.Finish(ctx, j))
	})
	if err != nil || out == nil {
		return err
	}
	return s.call(ctx, j, out)
}

// settled draws the conclusion from a reading taken after a call's outcome was lost: an event, or a call again.
func settled(r *escalate.Reply, snap *Snapshot, limits Limits, reads int) (event escalate.Event, again bool) {
	if snap == nil {
		return escalate.Sent{Reply: r.ID}, false // the ticket is gone, and with it the question
	}
	for i := range snap.Content.Messages {
		if m := &snap.Content.Messages[i]; m.Marker == string(r.ID) {
			return escalate.Sent{Reply: r.ID, Message: m.ID}, false
		}
	}
	if limits.Newer != nil && r.Stamp != "" && limits.Newer(snap.Stamp, r.Stamp) {
		return escalate.Missing{Reply: r.ID}, false
	}
	if r.Doubts+1 < reads {
		return nil, true
	}
	return lostForGood(r), false
}

// lostForGood ends the search for a reply: a person decides about an answer, and an update is done without.
func lostForGood(r *escalate.Reply) escalate.Event {
	if !r.Purpose.Answers() {
		return escalate.Failed{Reply: r.ID, Detail: "its answer was lost"}
	}
	return escalate.Asked{Reply: r.ID}
}

// outgoing is a reply on its way.
type outgoing struct {
	ticket  escalate.TicketID
	ref     escalate.Ref
	reply   escalate.ReplyID
	doubt   bool
	attempt int
	write   Write
}

// outgoing loads the exact bytes that were shown.
func (c *change) outgoing(ctx context.Context, r *escalate.Reply) (*outgoing, error) {
	text, err := c.tx.Text(ctx, c.ticket.ID, replyKey(r.ID))
	if err != nil {
		return nil, unsendable(err, "its text was erased")
	}
	if hashOf(text) != r.Hash {
		return nil, unsendableError("its text is not what was approved")
	}
	author := ""
	if r.ByPerson() {
		p, err := c.tx.PersonRow(ctx, r.By)
		if err != nil {
			return nil, unsendable(err, "its approver is not known any more")
		}
		author = p.Name
	}
	return &outgoing{
		ticket: c.ticket.ID, ref: c.ticket.Ref, reply: r.ID, doubt: r.Doubt, attempt: r.Attempts,
		write: Write{Kind: WriteReply, Key: string(r.ID), Stamp: r.Stamp, Author: author, Text: text},
	}, nil
}

// call performs the call and notes its outcome.
func (s *Service) call(ctx context.Context, j Leased, o *outgoing) error {
	hd, err := s.helpdesk(o.ref)
	if err != nil {
		return err
	}
	message, callErr := hd.Write(ctx, o.ref.ID, o.write)
	var later *Later
	err = s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, o.ticket)
		if err != nil {
			return err
		}
		var event escalate.Event
		event, later = outcome(tx.Now(), o, message, callErr, hd.Limits())
		if event != nil {
			if err := c.apply(actorHelpdesk, event); err != nil {
				return err
			}
			if err := c.rescue(ctx, c.ticket.Reply(o.reply)); err != nil {
				return err
			}
		}
		if err := c.save(ctx); err != nil || later != nil {
			return err
		}
		return tx.Finish(ctx, j)
	})
	if err != nil {
		return err
	}
	if later != nil {
		return later
	}
	if callErr != nil {
		s.Logger.WarnContext(ctx, "helpdesk refused a reply", "ticket", o.ref.ID, "error", callErr)
	}
	return nil
}

// outcome reads a call's answer. Only a clean answer to a reply that was never in doubt may end it otherwise than sent.
func outcome(now time.Time, o *outgoing, message escalate.MessageID, err error, limits Limits) (escalate.Event, *Later) {
	var refused *Refused
	clean := errors.As(err, &refused)
	if errors.Is(err, ErrNotFound) {
		refused, clean = &Refused{Op: "reply", Why: "ticket gone"}, true
	}
	switch {
	case err == nil:
		return escalate.Sent{Reply: o.reply, Message: message}, nil
	case clean && !o.doubt && (refused.Moved || refused.RetryAfter > 0):
		wait := max(refused.RetryAfter, patience(o.attempt))
		return escalate.Returned{Reply: o.reply, SendAt: escalate.At(now.Add(wait))}, nil
	case clean && !o.doubt:
		return escalate.Failed{Reply: o.reply, Detail: refusedBecause(refused)}, nil
	case clean && refused.RetryAfter > 0:
		return escalate.Lost{Reply: o.reply}, &Later{At: now.Add(refused.RetryAfter), Cause: err}
	}
	return escalate.Lost{Reply: o.reply}, &Later{At: now.Add(limits.Settle), Cause: err}
}

// refusedBecause is what the history keeps of a refusal: of the helpdesk's only its number, for its words may quote what was sent; of our
// own, made before anything was sent, the reason.
func refusedBecause(r *Refused) string {
	if r.Status != 0 {
		return fmt.Sprintf("HTTP %d", r.Status)
	}
	return shortened(r.Why, 200)
}

// patience is the pause after a clean refusal: none after the first, for our own notes and tags move a ticket too, then
// doubling up to a minute.
func patience(attempts int) time.Duration {
	if attempts == 0 {
		return 0
	}
	return min(time.Second<<min(attempts, 6), time.Minute)
}

// unsendableError says why a reply can never be sent as it stands.
type unsendableError string

func (e unsendableError) Error() string { return string(e) }

func unsendable(err error, why string) error {
	if errors.Is(err, ErrNotFound) {
		return unsendableError(why)
	}
	return err
}

func isUnsendable(err error) bool {
	_, ok := errors.AsType[unsendableError](err)
	return ok
}
