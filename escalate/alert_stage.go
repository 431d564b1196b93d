package escalate

import (
	"bytes"
	"encoding/json"
	"slices"

	"warmline/escalate/calendar"
)

// AlertStage is a stage at which people are told, and whom. It is written as the stage alone, such as 0.8, or with whom:
// {at: 1h late, tell: manager}.
type AlertStage struct {
	At calendar.Stage
	// Tell is who hears. Empty: of the first stage the owner, of later ones the channel, from the deadline on the leads.
	Tell Audience
}

// AlertsAt are alerts at stages, for whom they are by themselves.
func AlertsAt(stages ...calendar.Stage) []AlertStage {
	all := make([]AlertStage, len(stages))
	for i, s := range stages {
		all[i].At = s
	}
	return all
}

// String writes the stage, and whom it is for where that is said.
func (a AlertStage) String() string {
	if a.Tell == "" {
		return a.At.String()
	}
	return a.At.String() + " to the " + string(a.Tell)
}

// told is how an alert is written that says whom it is for.
type told struct {
	At   calendar.Stage `json:"at" yaml:"at"`
	Tell Audience       `json:"tell" yaml:"tell"`
}

// MarshalJSON writes the stage alone where it says everything, as earlier versions did.
func (a AlertStage) MarshalJSON() ([]byte, error) {
	if a.Tell == "" {
		return json.Marshal(a.At)
	}
	return json.Marshal(told(a))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *AlertStage) UnmarshalJSON(b []byte) error {
	*a = AlertStage{}
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		return json.Unmarshal(b, (*told)(a))
	}
	return json.Unmarshal(b, &a.At)
}

// MarshalYAML writes the stage alone where it says everything.
func (a AlertStage) MarshalYAML() (any, error) {
	if a.Tell == "" {
		return a.At.MarshalYAML()
	}
	return told(a), nil
}

// UnmarshalYAML reads what MarshalYAML wrote.
func (a *AlertStage) UnmarshalYAML(construct func(any) error) error {
	*a = AlertStage{}
	var text string
	if construct(&text) != nil {
		return construct((*told)(a))
	}
	return a.At.UnmarshalText([]byte(text))
}

// Audience is who hears of a stage, beside those who follow the ticket's thread. Each hears also what is meant for the one before.
type Audience string

// The audiences.
const (
	TellOwner   Audience = "owner"   // of an unclaimed hand-off: its channel
	TellChannel Audience = "channel" // the channel as a whole
	TellLeads   Audience = "leads"   // and the leads, by name
	TellManager Audience = "manager" // and the managers' channel
)

// audiences lists them, those who hear least first.
var audiences = []Audience{TellOwner, TellChannel, TellLeads, TellManager}

// AtLeast reports whether whoever hears of this also hears what is meant for another audience.
func (a Audience) AtLeast(other Audience) bool {
	return slices.Index(audiences, a) >= slices.Index(audiences, other)
}

// Tells says who hears of stages that were reached together: everybody who would hear of one of them. A stage that does not say it itself
// is for the owner where it is the first, for the channel later, and from the deadline on for the leads as well.
func (t *Terms) Tells(reached []calendar.Stage) Audience {
	to := TellOwner
	for i, a := range t.Alerts {
		if !slices.Contains(reached, a.At) {
			continue
		}
		who := a.Tell
		switch {
		case who != "":
		case a.At.Past():
			who = TellLeads
		case i > 0:
			who = TellChannel
		default:
			who = TellOwner
		}
		if who.AtLeast(to) {
			to = who
		}
	}
	return to
}
