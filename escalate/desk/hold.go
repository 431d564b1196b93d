package desk

import (
	"context"
	"slices"
	"time"

	"warmline/escalate"
)

// holdAfter is how long a ticket may be read until its customer, who watches a chat, hears that somebody is at it. The line itself takes a
// second or two: it arrives within ten.
const holdAfter = 7 * time.Second

// askInTime has the brain read a ticket, and has a line go out in a chat for which that takes too long: then held is true.
func (s *Service) askInTime(ctx context.Context, late <-chan time.Time, now time.Time, t *escalate.Ticket, snap *Snapshot) (a *escalate.Assessment, held bool) {
	if !holds(t, snap) {
		return s.ask(ctx, now, t, snap), false
	}
	answer := make(chan *escalate.Assessment, 1)
	go func() { answer <- s.ask(ctx, now, t, snap) }() // what it reads, nobody changes; it is waited for below
	select {
	case a := <-answer:
		return a, false
	case <-late:
	}
	if err := s.hold(ctx, t.ID, snap); err != nil {
		s.Logger.WarnContext(ctx, "hold a chat", "ticket", t.Ref.ID, "error", err)
	}
	return <-answer, true
}

// holds reports whether a customer in a chat would hear nothing for as long as their ticket is read: nobody has it, nobody has told them
// so, and they had no such line since they began to wait.
func holds(t *escalate.Ticket, snap *Snapshot) bool {
	read := *t
	read.Content = snap.Content
	seen := read.Look(&snap.Content, snap.Status, snap.Assignee)
	if !isChat(&read) || snap.Status.Ended() || seen.WaitingSince.IsZero() || told(t) || acknowledged(t) {
		return false
	}
	return !slices.ContainsFunc(t.Replies, func(r escalate.Reply) bool {
		return r.Purpose == escalate.PurposeHold && r.State != escalate.ReplyWithdrawn && !r.ApprovedAt.Before(seen.WaitingSince)
	})
}

// told reports whether people have the ticket, and the customer knows, or is not to know.
func told(t *escalate.Ticket) bool {
	return t.Handoff.Active() && t.Handoff.Kind == escalate.KindEscalation
}

// hold has the line sent, as every message to a customer is: once, and not when somebody was faster.
func (s *Service) hold(ctx context.Context, id escalate.TicketID, snap *Snapshot) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, id)
		if err != nil || !holds(c.ticket, snap) {
			return err
		}
		if err := c.take(ctx, snap); err != nil {
			return err
		}
		lang := ""
		if s.Language != nil {
			lang = s.Language(c.ticket)
		}
		reply, err := c.write(ctx, escalate.PurposeHold, in(oneMoment, lang), c.ticket.Conversation.Customer)
		if err != nil {
			return err
		}
		// Commit point: the line is on its way. A crash after it sends it all the same; the ticket is read anew by then.
		if err := c.sendNow(*reply); err != nil {
			return err
		}
		return c.save(ctx)
	})
}

var oneMoment = map[string]string{
	"en": "One moment, please: we are looking at your message.",
	"de": "Einen Moment bitte: Wir sehen uns Ihre Nachricht an.",
	"fr": "Un instant, s'il vous plaît : nous regardons votre message.",
	"es": "Un momento, por favor: estamos mirando su mensaje.",
	"it": "Un momento, per favore: stiamo guardando il suo messaggio.",
	"pt": "Um momento, por favor: estamos a ver a sua mensagem.",
	"nl": "Een ogenblik alstublieft: wij bekijken uw bericht.",
	"pl": "Prosimy o chwilę cierpliwości: czytamy Państwa wiadomość.",
	"da": "Et øjeblik: vi ser på din besked.",
	"sv": "Ett ögonblick: vi tittar på ditt meddelande.",
}
