package holidays

import "strings"

// canton is the note of Swiss cantons whose districts or banks differ.
const canton = "the canton's own list differs in some days, or from district to district"

// notes say where the dates are known to fall short.
var notes = map[string]string{
	"ar":     "holidays that are moved to a Monday are not moved, bridge days are missing, and Good Friday is a day early",
	"au-nt":  "the evenings of 24 and 31 December are missing",
	"au-qld": "the evening of 24 December and the shows of each district are missing",
	"au-sa":  "the evenings of 24 and 31 December are missing; a Monday is off when 25 April is a Sunday",
	"bg":     "the days off in lieu of those at a weekend are by rule; the government may move them",
	"ca":     "these are what most provinces have; Easter Monday, the first Monday of August, 30 September, 11 November and 26 December are not off in all",
	"ch":     "these are the days of any canton; name the canton, such as ch-zh",
	"dk":     "5 June is listed, which is off for many, but no public holiday",
	"gb":     "these are England's and Wales's; Scotland and Northern Ireland differ",
	"mw":     "Eid al-Fitr is missing",
	"nl":     "Good Friday and 5 May are listed, which are off for some only",
	"ru":     "2 to 8 January and what the government moves every year are missing",
	"sk":     "1 September and 17 November, and in 2026 8 May and 15 September, are listed, but are working days by now",
	"ua":     "Christmas of January and Defenders' Day of October are at their old dates, and 15 July is missing; under martial law no holiday is off",
}

// differing lists the Swiss cantons of the note canton.
var differing = strings.Fields("ag ai bl fr ge gl gr ju lu ne ow so ti ur vd vs zg")

// Note says where the dates of a code are known to fall short of what is off there; "" where they are not. Dates that are
// missing can be listed under closed.
func Note(code string) string {
	code = strings.ToLower(code)
	for _, c := range differing {
		if code == "ch-"+c {
			return canton
		}
	}
	return notes[code]
}
