package rota

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"warmline/escalate/calendar"
)

// PersonID is a Slack user id.
type PersonID string

// Rotas are the rotas of a policy by their names, which people type: "support", "billing-eu".
type Rotas map[string]Rota

// Rota is who is on when, as a policy writes it down. A Slack user group as a rota is one layer with that group and nothing else.
type Rota struct {
	// Zone is the name of the time zone in the IANA database, for all layers whose hours name none.
	Zone string `json:"zone,omitempty" yaml:"zone,omitempty"`
	// Everyone has all layers count at once, as the plain shifts of a team do. Otherwise the first counts that has somebody on.
	Everyone bool    `json:"everyone,omitempty" yaml:"everyone,omitempty"`
	Layers   []Layer `json:"layers" yaml:"layers"`
}

// Layer is people who are on together or in turn. Exactly one of People and Group is given.
type Layer struct {
	Name     string     `json:"name,omitempty" yaml:"name,omitempty"` // said to people; the layer's number stands in for none
	People   []PersonID `json:"people,omitempty" yaml:"people,omitempty"`
	Group    string     `json:"group,omitempty" yaml:"group,omitempty"` // a Slack user group's handle, with the @
	Rotation Rotation   `json:"rotation,omitzero" yaml:"rotation,omitempty"`
	// Hours are when the layer is on: around the clock when it has none. Their zone is also that of the rotation.
	Hours calendar.Hours `json:"hours,omitzero" yaml:"hours,omitempty"`
}

// Rotation is how people take turns, in the order in which they are listed. The zero value has all on at once.
type Rotation struct {
	Every Period `json:"every,omitempty" yaml:"every,omitempty"`
	// Day is the weekday on which turns end, mon to sun, for periods of whole weeks. Empty: that of Start.
	Day string `json:"day,omitempty" yaml:"day,omitempty"`
	// At is the time of day at which turns end: midnight when none is given.
	At calendar.TimeOfDay `json:"at,omitempty" yaml:"at,omitempty"`
	// Start is the date on which the first turn begins, that of who is listed first; before it nobody of the layer is on. A
	// first turn that does not begin on Day is a short one.
	Start calendar.Date `json:"start,omitzero" yaml:"start,omitempty"`
}

// Period is how long a turn lasts, in days: 1 to 90. It is written as day, week, 3 days or 2 weeks.
type Period int

// The usual periods, and the longest.
const (
	Day       Period = 1
	Week      Period = 7
	maxPeriod Period = 90
)

// ParsePeriod reads a period as String writes it; daily and weekly too.
func ParsePeriod(s string) (Period, error) {
	words := strings.Fields(strings.ToLower(s))
	if len(words) == 1 {
		words = append([]string{"1"}, words...)
	}
	if len(words) == 2 {
		n, err := strconv.Atoi(words[0])
		var p Period
		switch words[1] {
		case "day", "days", "daily":
			p = Day
		case "week", "weeks", "weekly":
			p = Week
		}
		if err == nil && p > 0 && n >= 1 && n <= int(maxPeriod/p) {
			return Period(n) * p, nil
		}
	}
	return 0, fmt.Errorf("%q is not a period; write day, week, 3 days or 2 weeks, of 90 days at the most", s)
}

// String writes the period in words.
func (p Period) String() string {
	switch {
	case p == Day:
		return "day"
	case p == Week:
		return "week"
	case p%Week == 0:
		return fmt.Sprintf("%d weeks", int(p/Week))
	}
	return fmt.Sprintf("%d days", int(p))
}

// MarshalText writes the period for JSON and YAML.
func (p Period) MarshalText() ([]byte, error) {
	if p < Day || p > maxPeriod {
		return nil, fmt.Errorf("%d days are not a period", int(p))
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (p *Period) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePeriod(string(text))
	return err
}

// weekday reads mon, or monday, in any case.
func weekday(s string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if whole := day.String(); strings.EqualFold(s, whole[:3]) || strings.EqualFold(s, whole) {
			return day, true
		}
	}
	return 0, false
}
