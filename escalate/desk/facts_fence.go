package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate"
)

// looked is what the look-up says of an answer's facts right before it goes out.
type looked struct {
	why string               // what moved, as the fence has it; "" when nothing did
	now []string             // what is so now, in words
	as  *escalate.Assessment // the answer's, with what is so now
}

// lookAgain asks anew for the facts that a reply rests on; where it rests on none it asks nothing. It calls out: never within
// a transaction.
func (s *Service) lookAgain(ctx context.Context, t *escalate.Ticket, r *escalate.Reply) (looked, error) {
	if r.Facts == "" {
		return looked{}, nil
	}
	var a *escalate.Assessment
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		a, err = tx.Assessment(ctx, t.ID, r.Facts)
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return looked{}, fmt.Errorf("load assessment of ticket %s: %w", t.ID, err)
	}
	var l looked
	if err == nil {
		l, err = s.compare(ctx, t, a)
	}
	if err == nil {
		return l, nil
	}
	s.Logger.WarnContext(ctx, "look-up failed before sending", "ticket", t.Ref.ID, "error", err)
	if r.ByPerson() {
		return looked{}, nil // they have read the facts, and nothing is known to have moved
	}
	return looked{why: movedLookup}, nil
}

// compare looks up the facts of an assessment's answer, and says whether they are as the assessment has them.
func (s *Service) compare(ctx context.Context, t *escalate.Ticket, a *escalate.Assessment) (looked, error) {
	at := slices.IndexFunc(a.Sources, func(s escalate.Source) bool { return s.Kind == escalate.SourceLookup })
	if at < 0 || s.Facts == nil {
		return looked{}, errNoLookup
	}
	facts, err := s.Facts.Facts(ctx, factQuery(t, a, a.Answer.Facts))
	if err != nil {
		return looked{}, err
	}
	salt, _, _ := strings.Cut(a.Sources[at].Version, ":")
	now := factSource(a.Answer.Facts, facts, salt)
	if now.Version == a.Sources[at].Version {
		return looked{}, nil
	}
	a.Sources[at] = now
	return looked{why: movedFacts, now: []string{"Now: " + cmp.Or(now.Passage, "nothing is known any more")}, as: a}, nil
}

// errNoLookup is why facts cannot be had where nobody could be asked.
var errNoLookup = errors.New("no look-up is configured, or nothing says what it was asked")

// lookedMoved says what moved of a reply's facts. What a person typed stays on the card: from now on it is fenced by what is
// told now, so that they can send it all the same.
func (c *change) lookedMoved(ctx context.Context, r *escalate.Reply, l looked) (why string, now []string, err error) {
	if l.why == movedFacts && r.Edited {
		if err := c.tx.PutAssessment(ctx, c.ticket.ID, l.as); err != nil {
			return "", nil, fmt.Errorf("save assessment of ticket %s: %w", c.ticket.ID, err)
		}
	}
	return l.why, l.now, nil
}
