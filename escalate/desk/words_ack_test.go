package desk

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

func nineToFive() *escalate.Hours {
	h := &escalate.Hours{}
	h.Zone, h.Week = "Europe/Berlin", calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 17 * 60})
	return h
}

func TestHoursAreSaidAsPeopleSayThem(t *testing.T) {
	split, always, every := nineToFive(), &escalate.Hours{}, nineToFive()
	split.Week.Wed = []calendar.Shift{{From: 9 * 60, To: 12*60 + 30}, {From: 13*60 + 30, To: 20 * 60}}
	split.Week.Sun = []calendar.Shift{{From: 10 * 60, To: calendar.AllDay.To}}
	every.Week.Sat, every.Week.Sun = every.Week.Mon, every.Week.Mon
	for want, h := range map[string]*escalate.Hours{
		"Monday–Friday 9:00–17:00 (Europe/Berlin)": nineToFive(),
		"Monday–Tuesday 9:00–17:00; Wednesday 9:00–12:30, 13:30–20:00; Thursday–Friday 9:00–17:00; Sunday 10:00–24:00 (Europe/Berlin)": split,
		"Monday–Sunday 9:00–17:00 (Europe/Berlin)": every,
	} {
		if got := hoursIn(h, "en"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := hoursIn(always, "en") + hoursIn(nil, "en"); got != "" {
		t.Errorf("around the clock: %q", got)
	}
	for lang, names := range weekdays {
		if len(strings.Fields(names)) != len(week) {
			t.Errorf("%s: %q", lang, names)
		}
	}
}

func TestAnAcknowledgementSaysNothingThatNobodyKnows(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	now := time.Date(2026, 3, 6, 19, 0, 0, 0, time.UTC) // a Friday, 20:00 in Berlin
	monday := time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
	const first = "Thank you for your message. It is with Lumen now: a person will read it and answer you here. You do not need to repeat anything."
	for name, c := range map[string]struct {
		said ack
		want string
	}{
		"nothing is known":     {ack{}, ""},
		"open":                 {ack{hours: nineToFive(), opens: now}, " We are here: Monday–Friday 9:00–17:00 (Europe/Berlin)."},
		"closed":               {ack{hours: nineToFive(), opens: monday}, " We are closed right now and open again: Monday 9:00 (UTC+1)."},
		"closed for long":      {ack{hours: nineToFive(), opens: monday.AddDate(0, 0, 7)}, " We are closed right now and open again: Monday 2026-03-16 9:00 (UTC+1)."},
		"never open":           {ack{hours: nineToFive()}, " We are here: Monday–Friday 9:00–17:00 (Europe/Berlin)."},
		"around the clock":     {ack{hours: &escalate.Hours{}, opens: now}, ""},
		"a time":               {ack{hours: nineToFive(), opens: now, until: now.Add(time.Hour)}, " You will hear from us by 2026-03-06 21:00 (UTC+1)."},
		"a time without hours": {ack{opens: now, until: now.Add(time.Hour)}, " You will hear from us by 2026-03-06 21:00 (UTC+1)."},
		"closed, and a time": {
			ack{hours: nineToFive(), opens: monday, until: monday.Add(2 * time.Hour)},
			" We are closed right now and open again: Monday 9:00 (UTC+1). You will hear from us by 2026-03-09 11:00 (UTC+1).",
		},
		"a chat without an address": {
			ack{hours: nineToFive(), opens: monday, email: true},
			" We are closed right now and open again: Monday 9:00 (UTC+1). Please write us your e-mail address, so that our answer reaches you when you leave this chat.",
		},
		"an order": {ack{order: true}, " If you have your order number at hand, please write it here; it saves you a question."},
	} {
		c.said.team, c.said.now, c.said.zone = "Lumen", now, berlin
		if got := c.said.text(); got != first+c.want {
			t.Errorf("%s: got %q", name, strings.TrimPrefix(got, first))
		}
		for lang := range acks {
			c.said.lang = lang
			if got := c.said.text(); blank.MatchString(got) {
				t.Errorf("%s, %s: %q", name, lang, got)
			}
		}
	}
}

func TestOnlyWhoMayKnowTheirOrderIsAskedForIt(t *testing.T) {
	with := func(f func(*escalate.Assessment, *escalate.Decision)) bool {
		a := &escalate.Assessment{Answer: &escalate.Answer{Unfilled: []string{"order_number"}}}
		d := &escalate.Decision{Draft: escalate.DraftEdit}
		f(a, d)
		return misses(a, d)
	}
	for name, c := range map[string]struct {
		change func(*escalate.Assessment, *escalate.Decision)
		want   bool
	}{
		"as it is":             {func(*escalate.Assessment, *escalate.Decision) {}, true},
		"another placeholder":  {func(a *escalate.Assessment, _ *escalate.Decision) { a.Answer.Unfilled = []string{"delivery date"} }, false},
		"no answer":            {func(a *escalate.Assessment, _ *escalate.Decision) { a.Answer = nil }, false},
		"they gave it":         {func(a *escalate.Assessment, _ *escalate.Decision) { a.Given = []string{"order number"} }, false},
		"they may have":        {func(a *escalate.Assessment, _ *escalate.Decision) { a.Orders = []string{"1234"} }, false},
		"the answer is not it": {func(_ *escalate.Assessment, d *escalate.Decision) { d.Draft = escalate.DraftNone }, false},
		"nor likely": {func(_ *escalate.Assessment, d *escalate.Decision) {
			d.Reasons = []escalate.Reason{{Kind: escalate.LowConfidence}}
		}, false},
		"they are angry": {func(_ *escalate.Assessment, d *escalate.Decision) {
			d.Reasons = []escalate.Reason{{Kind: escalate.Anger}}
		}, false},
		"they want a person": {func(_ *escalate.Assessment, d *escalate.Decision) {
			d.Reasons = []escalate.Reason{{Kind: escalate.HumanRequest}}
		}, false},
		"a high risk is no bar": {func(_ *escalate.Assessment, d *escalate.Decision) {
			d.Reasons = []escalate.Reason{{Kind: escalate.HighRisk}}
		}, true},
	} {
		if got := with(c.change); got != c.want {
			t.Errorf("%s: asked %v", name, got)
		}
	}
}
