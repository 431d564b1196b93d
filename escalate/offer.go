package escalate

import (
	"slices"
	"time"

	"warmline/escalate/rota"
)

// Offer is whom an open hand-off is offered to. Nobody is assigned unasked: whoever claims it has it.
type Offer struct {
	To      PersonID    `json:"to,omitempty"` // "": nobody at the moment
	At      time.Time   `json:"at,omitzero"`
	Rota    string      `json:"rota,omitempty"`
	Reason  rota.Reason `json:"reason,omitempty"`  // why them, or why nobody
	Last    bool        `json:"last,omitempty"`    // they do not want to be disturbed, and nobody else can take it
	Next    time.Time   `json:"next,omitzero"`     // when the next person is asked; zero: not by the clock
	Opens   time.Time   `json:"opens,omitzero"`    // nobody is on: when somebody comes on
	Asked   []PersonID  `json:"asked,omitempty"`   // who had it or was offered it, and did not keep it
	Since   time.Time   `json:"since,omitzero"`    // from when on somebody was there who could have claimed it
	Climbed Rung        `json:"climbed,omitempty"` // the highest rung that was told
	Paged   bool        `json:"paged,omitempty"`   // nobody was on in the channel's own rota
}

// Rung is a step of the ladder that an unclaimed hand-off climbs.
type Rung string

// The rungs above the next person, lowest first.
const (
	RungLead    Rung = "lead"
	RungManager Rung = "manager"
)

// Above reports whether a rung is yet to be climbed.
func (r Rung) Above(climbed Rung) bool {
	rungs := []Rung{"", RungLead, RungManager}
	return slices.Index(rungs, r) > slices.Index(rungs, climbed)
}

// offered takes down whom the hand-off is offered to from now on. Who was offered it before has been asked.
func (h *Handoff) offered(now time.Time, e Offered) {
	o := &h.Offer
	h.ask(o.To)
	*o = Offer{
		To: PersonID(e.Choice.Person), At: now, Rota: e.Rota, Reason: e.Choice.Reason, Last: e.Choice.LastResort,
		Next: e.Next.Time(), Opens: e.Opens.Time(), Paged: e.Paged,
		Asked: o.Asked, Since: o.Since, Climbed: o.Climbed,
	}
	if o.Since.IsZero() && e.Opens == 0 {
		o.Since = now
	}
}

// Bearer is the person on whom the hand-off weighs: its owner, unless they snoozed it, or whom it is offered to. "" is nobody.
func (h *Handoff) Bearer() PersonID {
	switch {
	case h.State == HandoffOpen:
		return h.Offer.To
	case h.State == HandoffClaimed && h.Snoozed.IsZero():
		return h.Owner
	}
	return ""
}

// unoffer ends the offer: somebody has the hand-off. Who was asked stays known.
func (h *Handoff) unoffer() {
	h.ask(h.Offer.To)
	h.Offer = Offer{Asked: h.Offer.Asked}
}

// ask notes that somebody was asked.
func (h *Handoff) ask(id PersonID) {
	if id != "" && !slices.Contains(h.Offer.Asked, id) {
		h.Offer.Asked = append(h.Offer.Asked, id)
	}
}
