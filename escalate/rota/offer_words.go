package rota

import "fmt"

// String says the reason in words, as a sentence about who was chosen, or about nobody.
func (r Reason) String() string {
	switch r {
	case OnlyOne:
		return "nobody else could take it"
	case LongestAgo:
		return "was offered one longest ago"
	case FewestOpen:
		return "has the fewest"
	case FewestByTurn:
		return "nobody has fewer, and of those who have as few they were offered one longest ago"
	case NobodyOnShift:
		return "nobody is on shift"
	case NobodyThere:
		return "all who are on shift are away"
	case NobodyAble:
		return "nobody who is there has what it takes"
	case NobodyAwake:
		return "who could take it does not want to be disturbed"
	case NobodyFree:
		return "who could take it has as many as they may"
	case NobodyLeft:
		return "who could take it was asked before"
	}
	return "for a reason that is not known"
}

// String says in words why somebody is left out, as they follow a person's name.
func (o *LeftOut) String() string {
	switch o.Why {
	case OffShift:
		return "is not on shift"
	case Barred:
		return "may not claim tickets"
	case DayOff:
		return "has the day off"
	case Away:
		return "is away"
	case LacksSkill:
		return fmt.Sprintf("lacks the skill %q", o.Lacks)
	case LacksTongue:
		return fmt.Sprintf("does not speak %q", o.Lacks)
	case DoNotDisturb:
		return "does not want to be disturbed"
	case Full:
		return fmt.Sprintf("has %d of %d", o.Open, max(o.Capacity, 0))
	case AskedBefore:
		return "was asked before"
	case NotTheirTurn:
		return fmt.Sprintf("has %d, and it is not their turn", o.Open)
	}
	return "for a reason that is not known"
}
