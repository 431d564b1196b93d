package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"warmline/escalate"
)

// sourceTicket is the kind of a source that is the reply to a past ticket.
const sourceTicket = "ticket"

// rested is what a reply's words were taken from, and how that reads now.
type rested struct {
	as  *escalate.Assessment
	at  []int // of the sources that have changed
	now []escalate.Source
}

// rests compares the sources of a reply with what is known now. Of a reply that rests on none, or whose assessment was erased,
// nothing has changed.
func (s *Service) rests(ctx context.Context, tx Tx, id escalate.TicketID, r *escalate.Reply) (*rested, error) {
	m := new(rested)
	if s.Sources == nil || r.Rests == "" {
		return m, nil
	}
	a, err := tx.Assessment(ctx, id, r.Rests)
	if errors.Is(err, ErrNotFound) {
		return m, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load assessment of ticket %s: %w", id, err)
	}
	m.as = a
	used := a.RestsOn()
	asked := make([]escalate.Source, len(used))
	for i, at := range used {
		asked[i] = a.Sources[at]
	}
	for i, now := range s.Sources.SourcesNow(asked) {
		if now.Version != asked[i].Version && !slices.Contains(asked[i].Shown, now.Version) {
			m.at, m.now = append(m.at, used[i]), append(m.now, now)
		}
	}
	return m, nil
}

// gone reports whether a past ticket is missing, of which this process may only not have heard yet.
func (m *rested) gone() bool {
	return slices.ContainsFunc(m.now, func(s escalate.Source) bool { return s.Kind == sourceTicket && s.Version == "" })
}

// words says what changed, and how it reads now.
func (m *rested) words() (lines []string) {
	for i, at := range m.at {
		now := "it is not there any more"
		if m.now[i].Version != "" {
			now = m.now[i].Passage
		}
		lines = append(lines, "Changed: "+m.as.Sources[at].Title, "Now: "+now)
	}
	return lines
}

// hearOf has this process learn what others solved, where a past reply that an answer was taken from is missing here. It calls
// out: never within a transaction.
func (s *Service) hearOf(ctx context.Context, t *escalate.Ticket, r *escalate.Reply) error {
	var m *rested
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		m, err = s.rests(ctx, tx, t.ID, r)
		return err
	})
	if err != nil || !m.gone() {
		return err
	}
	if err := s.CatchUp(ctx); err != nil {
		s.Logger.WarnContext(ctx, "not caught up before sending", "ticket", t.Ref.ID, "error", err)
	}
	return nil
}

// sourceMoved says what moved of the sources that a reply's words were taken from. What a person typed is theirs: they are told
// once of each text that stands there now, and can then send it all the same. A list, for while replicas know different texts
// each of them would else hold back what the other one let pass.
func (c *change) sourceMoved(ctx context.Context, r *escalate.Reply) (why string, now []string, err error) {
	m, err := c.s.rests(ctx, c.tx, c.ticket.ID, r)
	if err != nil || len(m.at) == 0 {
		return "", nil, err
	}
	lines := m.words()
	if !r.Edited {
		return movedSource, lines, nil
	}
	for i, at := range m.at {
		was := m.as.Sources[at]
		next := m.now[i]
		next.Shown = append(slices.Clip(was.Shown), was.Version)
		m.as.Sources[at] = next
	}
	if err := c.tx.PutAssessment(ctx, c.ticket.ID, m.as); err != nil {
		return "", nil, fmt.Errorf("save assessment of ticket %s: %w", c.ticket.ID, err)
	}
	return movedSource, lines, nil
}

// sourceStops keeps a person from approving a reply that was taken from what has changed, and tells them what stands there now.
// The AI's draft is written anew. A past reply that is only missing stops nothing yet: another replica may have heard of it, and
// it is looked for before the sending.
func (a *act) sourceStops(ctx context.Context, r *escalate.Reply) (bool, error) {
	m, err := a.s.rests(ctx, a.tx, a.ticket().ID, r)
	if err != nil || len(m.at) == 0 || m.gone() {
		return false, err
	}
	why, lines, err := a.change.sourceMoved(ctx, r)
	if err != nil || why == "" {
		return false, err
	}
	next := "It is kept on the card: press Edit to revise it, or send it all the same."
	if !r.Edited {
		next = "A new draft with what is so now comes on the card."
		if err := a.s.enqueueAssess(ctx, a.tx, a.ticket().ID, true); err != nil {
			return false, err
		}
	}
	if err := a.audit(ctx, string(a.ticket().ID), outcomeNothing, why); err != nil {
		return false, err
	}
	text := fmt.Sprintf("Not sent: %s since this was written.", why)
	ans := Answer{Text: text, Lines: []Line{{Text: text}}, Keep: a.press.Fields["text"]}
	for _, line := range append(lines, next) {
		ans.Lines = append(ans.Lines, Line{Text: line})
	}
	return true, a.answer(ctx, ans)
}
