package escalate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"warmline/escalate/rota"
)

// Offers say whom a hand-off is offered to, by the name of its channel. A channel without a rule offers nothing: whoever reads
// it claims.
type Offers struct {
	Channels map[string]OfferRule `json:"channels,omitempty" yaml:"channels,omitempty"`
	// People are what is known of those who are offered hand-offs, by their Slack user ids.
	People map[rota.PersonID]PersonRule `json:"people,omitempty" yaml:"people,omitempty"`
	// Away are the emoji of a Slack status that says that somebody is not there, without colons. None: AwayEmoji.
	Away []string `json:"away,omitempty" yaml:"away,omitempty"`
}

// AwayEmoji are those that Slack itself suggests for a vacation and for being ill.
var AwayEmoji = []string{"palm_tree", "face_with_thermometer"}

// OfferRule is how the hand-offs of a channel find somebody.
type OfferRule struct {
	Rota     string      `json:"rota,omitempty" yaml:"rota,omitempty"`         // who is on there is offered them; empty: nobody is, but the ladder holds
	Method   rota.Method `json:"method,omitempty" yaml:"method,omitempty"`     // round_robin when empty
	Capacity int         `json:"capacity,omitempty" yaml:"capacity,omitempty"` // the most that one person may have; 0: no limit
	Speaks   bool        `json:"speaks,omitempty" yaml:"speaks,omitempty"`     // they have to speak the customer's language
	// Page and Fallback say what happens while nobody is on: who is on in another rota is offered it, and told by direct message; or it
	// goes to another channel. With neither it waits until somebody comes on, and says so.
	Page     string `json:"page,omitempty" yaml:"page,omitempty"`
	Fallback string `json:"fallback,omitempty" yaml:"fallback,omitempty"`
	// Ladder is what happens when nobody claims it. The zero value is DefaultLadder.
	Ladder Ladder `json:"ladder,omitzero" yaml:"ladder,omitempty"`
}

// Ladder is when an unclaimed hand-off goes further; a step of zero is left out. Next counts from each offer, the others from when
// somebody was there who could have claimed it.
type Ladder struct {
	Next    time.Duration `json:"next,omitempty" yaml:"next,omitempty"`       // it is offered to the next person
	Lead    time.Duration `json:"lead,omitempty" yaml:"lead,omitempty"`       // the leads are told, in its channel
	Manager time.Duration `json:"manager,omitempty" yaml:"manager,omitempty"` // the managers' channel is told
}

// DefaultLadder is a ladder that nobody has set.
var DefaultLadder = Ladder{Next: 10 * time.Minute, Lead: 30 * time.Minute, Manager: time.Hour}

// PersonRule is what is known of somebody who is offered hand-offs.
type PersonRule struct {
	Capacity  int      `json:"capacity,omitempty" yaml:"capacity,omitempty"` // instead of the channel's; -1: none at all
	Skills    []string `json:"skills,omitempty" yaml:"skills,omitempty"`
	Languages []string `json:"languages,omitempty" yaml:"languages,omitempty"`
	// Holidays is the code of the country or region where they live, as in calendars: they have its public holidays off.
	Holidays string `json:"holidays,omitempty" yaml:"holidays,omitempty"`
}

// OffersIn returns how a channel's hand-offs find somebody; ok is false where they are not offered.
func (p *Policy) OffersIn(channel string) (rule OfferRule, ok bool) {
	rule, ok = p.Offers.Channels[channel]
	if rule.Ladder == (Ladder{}) {
		rule.Ladder = DefaultLadder
	}
	return rule, ok
}

// Climbs reports whether an open hand-off has a rung of its channel's ladder before it on which people above are told.
func (p *Policy) Climbs(h *Handoff) bool {
	rule, ok := p.OffersIn(h.Channel)
	return ok && (rule.Ladder.Lead > 0 && RungLead.Above(h.Offer.Climbed) || rule.Ladder.Manager > 0 && RungManager.Above(h.Offer.Climbed))
}

// Staffed lists the rotas whose people are offered something, in ascending order.
func (p *Policy) Staffed() []string {
	var names []string
	for _, rule := range p.Offers.Channels {
		names = append(names, rule.Rota, rule.Page)
	}
	return sorted(names)
}

// IsAway reports whether a status with an emoji, with or without colons, says that somebody is not there.
func (o *Offers) IsAway(emoji string) bool {
	away := o.Away
	if len(away) == 0 {
		away = AwayEmoji
	}
	emoji = strings.Trim(emoji, ":")
	return emoji != "" && slices.Contains(away, emoji)
}

// offers checks whom hand-offs are offered to.
func (fs *faults) offers(p *Policy) {
	for channel, rule := range p.Offers.Channels {
		path := "offers.channels." + channel
		fs.channelName(path, channel)
		fs.channelName(path+".fallback", rule.Fallback)
		for at, name := range map[string]string{"rota": rule.Rota, "page": rule.Page} {
			if _, ok := p.Rotas[name]; !ok && name != "" {
				fs.add(path+"."+at, "there is no rota %q; describe it under rotas", name)
			}
		}
		switch {
		case rule.Method != "" && !slices.Contains(rota.Methods, rule.Method):
			fs.add(path+".method", "%q is not known; write round_robin or least_loaded", rule.Method)
		case rule.Capacity < 0:
			fs.add(path+".capacity", "%d is no number of tickets; 0 is no limit", rule.Capacity)
		case rule.Fallback == channel:
			fs.add(path+".fallback", "is the channel itself")
		case rule.Fallback != "" && p.Offers.Channels[rule.Fallback].Fallback != "":
			fs.add(path+".fallback", "#%s has a fallback of its own; name the channel where it ends", rule.Fallback)
		case (rule.Fallback != "" || rule.Page != "") && rule.Rota == "":
			fs.add(path+".rota", "is missing: without one nobody can say when nobody is on")
		case rule.Fallback != "" && rule.Page != "":
			fs.add(path+".page", "both page and fallback are set; while nobody is on, one of them holds")
		}
		for at, d := range map[string]time.Duration{"next": rule.Ladder.Next, "lead": rule.Ladder.Lead, "manager": rule.Ladder.Manager} {
			if d < 0 || d > 0 && d < time.Minute {
				fs.add(path+".ladder."+at, "%s is too short; a minute is the least, 0 leaves it out", d)
			}
		}
	}
	for id, person := range p.Offers.People {
		path := fmt.Sprintf("offers.people.%s", id)
		if !strings.HasPrefix(string(id), "U") && !strings.HasPrefix(string(id), "W") {
			fs.add(path, "is no Slack user id (U…)")
		}
		if person.Capacity < -1 {
			fs.add(path+".capacity", "%d is no number of tickets; -1 is none at all", person.Capacity)
		}
	}
}

// offers names the channels and people for whom something differs. None of it lets the machine do more.
func (cs *changes) offers(from, to *Offers) {
	for _, channel := range bothKeys(from.Channels, to.Channels) {
		a, was := from.Channels[channel]
		b, is := to.Channels[channel]
		switch {
		case !is:
			cs.add(false, "#%s offers nothing any more", channel)
		case !was:
			cs.add(false, "#%s offers to who is on in %s", channel, b.Rota)
		case !sameJSON(a, b):
			cs.add(false, "#%s offers otherwise", channel)
		}
	}
	for _, id := range bothKeys(from.People, to.People) {
		if !sameJSON(from.People[id], to.People[id]) {
			cs.add(false, "what %s can take changed", id)
		}
	}
	if !slices.Equal(from.Away, to.Away) {
		cs.add(false, "which status is away changed")
	}
}
