package card

import (
	"time"

	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

// nobodyWords say why an open hand-off is offered to nobody.
var nobodyWords = map[rota.Reason]string{
	rota.NobodyOnShift: " Nobody is on shift", rota.NobodyThere: " All who are on shift are away.",
	rota.NobodyAble: " Nobody who is on shift has what it takes.", rota.NobodyFree: " All who are on shift have as many as they may.",
	rota.NobodyLeft: " All who are on shift were asked.",
}

// offeredTo says whom an open hand-off is offered to, or why nobody is; empty where nothing is offered. Anybody may claim it all the
// same.
func offeredTo(r row, c *desk.Card) row {
	switch o := &c.Handoff.Offer; {
	case o.To != "":
		r = r.say(" Offered to ").person(o.To)
		if o.Last {
			r = r.say(", who does not want to be disturbed")
		}
		return until(r, "; at ", o.Next, " it goes to the next", toMinute)
	case o.Reason == rota.NobodyOnShift:
		return until(r.say(nobodyWords[o.Reason]), " until ", o.Opens, "", onDay)
	case nobodyWords[o.Reason] != "":
		return r.say(nobodyWords[o.Reason])
	}
	return r
}

// until ends a sentence with words around an instant, if there is one.
func until(r row, before string, t time.Time, after, format string) row {
	if !t.IsZero() {
		r = r.say(before).at(t, format)
		if after != "" {
			r = r.say(after)
		}
	}
	return r.say(".")
}

// offeredToWords says the same without names.
func offeredToWords(c *desk.Card) string {
	switch o := &c.Handoff.Offer; {
	case o.To != "":
		return ", offered to a colleague"
	case o.Reason == rota.NobodyOnShift && !o.Opens.IsZero():
		return ", nobody is on shift until " + utc(o.Opens)
	case o.Reason == rota.NobodyOnShift:
		return ", nobody is on shift"
	}
	return ""
}
