package rota

import (
	"slices"
	"strings"
	"time"
)

// Candidate is one who may be offered a hand-off, as things stand.
type Candidate struct {
	Person  PersonID `json:"person"`
	OnShift bool     `json:"on_shift,omitempty"`
	// Barred is who may not claim, on shift or not.
	Barred bool `json:"barred,omitempty"`
	// DayOff is a holiday where they live, or a day that they took.
	DayOff bool `json:"day_off,omitempty"`
	// Away is what their status says. Who is away is offered nothing, on shift or not.
	Away bool `json:"away,omitempty"`
	// DoNotDisturb has them offered what nobody else can take, and assigned nothing.
	DoNotDisturb bool `json:"do_not_disturb,omitempty"`
	// Open is how many hand-offs they have: those that they claimed and those that are offered to them at the moment.
	Open int `json:"open,omitempty"`
	// Capacity is the most that they may have, the new one among them. 0 is no limit; less than 0 is none at all.
	Capacity int `json:"capacity,omitempty"`
	// Skills and Languages are compared without regard to case; of a language its first part counts, so that who speaks pt takes pt-BR.
	Skills    []string `json:"skills,omitempty"`
	Languages []string `json:"languages,omitempty"`
	// LastOffered is the Offered of the last Choice of them; zero: never.
	LastOffered time.Time `json:"last_offered,omitzero"`
}

// Method is how one is picked among those who can take a hand-off.
type Method string

// The methods. Those who are equal by load take turns, and those who are equal by turn go by their ids.
const (
	RoundRobin  Method = "round_robin"  // who was offered one the longest ago; the default
	LeastLoaded Method = "least_loaded" // who has the fewest
)

// Methods lists the methods.
var Methods = []Method{RoundRobin, LeastLoaded}

// Need is what a hand-off asks of who takes it.
type Need struct {
	Skills   []string `json:"skills,omitempty"`   // all of them
	Language string   `json:"language,omitempty"` // empty: any. Who has no languages listed has none
	// Asked are those who were offered it before and did not take it.
	Asked  []PersonID `json:"asked,omitempty"`
	Method Method     `json:"method,omitempty"`
	// Assign is set where nobody will be asked: it is given to them. Then do-not-disturb leaves them out.
	Assign bool `json:"assign,omitempty"`
}

// Unfit is why somebody is not offered a hand-off.
type Unfit string

// The reasons, in the order in which they are looked for: the first that holds is named.
const (
	OffShift     Unfit = "off_shift"
	Barred       Unfit = "barred"
	DayOff       Unfit = "day_off"
	Away         Unfit = "away"
	LacksSkill   Unfit = "lacks_skill"
	LacksTongue  Unfit = "lacks_language"
	DoNotDisturb Unfit = "do_not_disturb"
	Full         Unfit = "full"
	AskedBefore  Unfit = "asked_before"
	// Somebody else came first; they could have taken it.
	NotTheirTurn Unfit = "not_their_turn"
)

// unfits lists the reasons for which somebody cannot take a hand-off at all, in their order.
var unfits = []Unfit{OffShift, Barred, DayOff, Away, LacksSkill, LacksTongue, DoNotDisturb, Full, AskedBefore}

// LeftOut is one who is not offered a hand-off, and why.
type LeftOut struct {
	Person PersonID `json:"person"`
	Why    Unfit    `json:"why"`
	// Lacks is the skill or the language, and Open and Capacity say how full they are.
	Lacks    string `json:"lacks,omitempty"`
	Open     int    `json:"open,omitempty"`
	Capacity int    `json:"capacity,omitempty"`
}

// unfit says why a candidate cannot take a hand-off; "" if they can.
func (c *Candidate) unfit(n *Need) (why Unfit, lacks string) {
	skill := c.lacks(n.Skills)
	switch {
	case !c.OnShift:
		return OffShift, ""
	case c.Barred:
		return Barred, ""
	case c.DayOff:
		return DayOff, ""
	case c.Away:
		return Away, ""
	case skill != "":
		return LacksSkill, skill
	case n.Language != "" && !slices.ContainsFunc(c.Languages, func(l string) bool { return sameLanguage(l, n.Language) }):
		return LacksTongue, n.Language
	case c.DoNotDisturb && n.Assign:
		return DoNotDisturb, ""
	case c.Capacity != 0 && c.Open >= c.Capacity:
		return Full, ""
	case slices.Contains(n.Asked, c.Person):
		return AskedBefore, ""
	}
	return "", ""
}

// lacks returns the first of some skills that a candidate does not have.
func (c *Candidate) lacks(skills []string) string {
	for _, skill := range skills {
		if !slices.ContainsFunc(c.Skills, func(has string) bool { return strings.EqualFold(has, skill) }) {
			return skill
		}
	}
	return ""
}

// sameLanguage compares the first parts of two language tags.
func sameLanguage(a, b string) bool {
	first := func(tag string) string {
		tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
		return tag
	}
	return strings.EqualFold(first(a), first(b))
}
