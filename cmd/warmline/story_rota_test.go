package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

// weekly has Ana and Ben take turns from Saturday at three in Munich; Ana's turn ends two hours after stories begin, on
// Saturday, 1 January 2000, at one.
func weekly(s *story) rota.Rota {
	return rota.Rota{Zone: "Europe/Berlin", Layers: []rota.Layer{{
		Name:   "first line",
		People: []rota.PersonID{rota.PersonID(s.person("ana")), rota.PersonID(s.person("ben"))},
		Rotation: rota.Rotation{
			Every: rota.Week, Day: "sat", At: 3 * 60, Start: calendar.Date{Year: 1999, Month: 12, Day: 25},
		},
	}}}
}

// rotas puts rotas into the policy: people's ids are known only once the workspace is there.
func (s *story) rotas(rotas rota.Rotas) {
	s.t.Helper()
	s.rules(func(p *escalate.Policy) { p.Rotas = rotas })
}

// rules changes the policy in the middle of a story.
func (s *story) rules(change func(*escalate.Policy)) {
	s.t.Helper()
	err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
		p, err := tx.Policy(s.t.Context())
		if err != nil {
			return err
		}
		p.Version++
		change(p)
		if err := p.Validate(); err != nil {
			return err
		}
		return tx.SavePolicy(s.t.Context(), p, "warmline", "for a story")
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// met has people be known by name, as those are who have pressed or asked before.
func (s *story) met(names ...string) {
	s.t.Helper()
	for _, name := range names {
		s.escalate("mine", name).ExpectPrivate("You have no tickets")
	}
}

func (s *story) mention(name string) string { return "<@" + string(s.person(name)) + "|" + name + ">" }

// covers types a cover and waits for what the person is told of it.
func (s *story) covers(who, text, told string) {
	s.t.Helper()
	s.escalate("cover "+text, who).ExpectPrivate(told)
}

func TestOncallSaysWhoIsOnAndWhoIsNext(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("oncall", "ana").ExpectPrivate("There is no rota")
		s.met("ben")
		s.rotas(rota.Rotas{"support": weekly(s)})
		s.escalate("oncall", "ana").ExpectPrivate("now Ana Ferreira until Sat 1 Jan 03:00 · next Ben Okoro from Sat 1 Jan 03:00")
		s.escalate("oncall supportt", "ana").ExpectPrivate("There is no rota \"supportt\". Did you mean /escalate oncall support?")
		s.until(1, 3, 1)
		s.escalate("oncall support", "ana").ExpectPrivate("now Ben Okoro until Sat 8 Jan 03:00 · next Ana Ferreira from Sat 8 Jan 03:00")
	})
}

func TestOncallSaysThatNobodyIsOn(t *testing.T) {
	tell(t, func(s *story) {
		r := weekly(s)
		r.Layers[0].Hours.Week = calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 18 * 60})
		s.met("ben")
		s.rotas(rota.Rotas{"support": r, "nights": {Layers: []rota.Layer{{Group: "@gone"}}}})
		s.escalate("oncall support", "ana").ExpectPrivate("now nobody · next Ben Okoro from Mon 3 Jan 09:00")
		s.escalate("oncall", "ana").ExpectPrivate("Nobody can say who is on: read rota nights: layers[0].group: ")
	})
}

// Stories begin on New Year's Day.
func TestNobodyIsOnOnAPublicHoliday(t *testing.T) {
	tell(t, func(s *story) {
		r := weekly(s)
		r.Layers[0].Hours.Week.Sat = []calendar.Shift{calendar.AllDay}
		r.Layers[0].Hours.Holidays = "de-by"
		s.met("ben")
		s.rotas(rota.Rotas{"support": r})
		s.escalate("oncall", "ana").ExpectPrivate("now nobody · next Ben Okoro from Sat 8 Jan 00:00")
	})
}

func TestACoverTakesAShiftAndGivesItBack(t *testing.T) {
	tell(t, func(s *story) {
		s.rotas(rota.Rotas{"support": weekly(s)})
		s.met("ana", "ben")
		s.escalate("cover", "ben").ExpectPrivate("Nobody covers anybody")
		s.covers("ben", "me today 2:00-2:30", "Ben Okoro takes over from Sat 1 Jan 02:00 to Sat 1 Jan 02:30, in support (Europe/Berlin). /escalate cover remove 1")
		s.escalate("cover", "ana").ExpectPrivate("Ben Okoro takes over from Sat 1 Jan 02:00 to Sat 1 Jan 02:30 · support · by Ben Okoro")
		s.until(1, 1, 59)
		s.escalate("oncall", "ana").ExpectPrivate("now Ana Ferreira until Sat 1 Jan 02:00 · next Ben Okoro from Sat 1 Jan 02:00")
		s.until(1, 2, 1)
		s.escalate("oncall", "ana").ExpectPrivate("now Ben Okoro until Sat 1 Jan 02:30 · next Ana Ferreira from Sat 1 Jan 02:30")
		s.until(1, 2, 10)
		s.covers("ben", "remove 1", "It ends now")
		s.escalate("oncall", "ana").ExpectPrivate("now Ana Ferreira until Sat 1 Jan 03:00")
		s.covers("ben", "remove 1", "There is no cover 1 that has not ended")
		if got := s.auditedOf("rota support"); len(got) != 2 || !strings.HasPrefix(got[0], "cover 1: "+string(s.person("ben"))+" takes over from 2000-01-01T01:00Z") ||
			!strings.HasPrefix(got[1], "remove 1: ") {
			t.Errorf("the audit log says %q", got)
		}
	})
}

// auditedOf is what the audit log has of a subject, the oldest first.
func (s *story) auditedOf(subject string) (details []string) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		rows, err := tx.AuditRows(s.t.Context(), desk.AuditFilter{Subject: subject, Limit: 100})
		for _, r := range slices.Backward(rows) {
			details = append(details, r.Detail)
		}
		return err
	})
	return details
}

func TestWhoMakesACoverIsToldWhatItOverlaps(t *testing.T) {
	tell(t, func(s *story) {
		s.rotas(rota.Rotas{"support": weekly(s)})
		s.met("ana", "ben", "chloe")
		s.covers("ana", "me off today 2:00-3:00", "Ana Ferreira is off from Sat 1 Jan 02:00 to Sat 1 Jan 03:00")
		s.privately("support", "ana", "nobody is on until Sat 1 Jan 03:00")
		s.covers("ben", "me for "+s.mention("ana")+" today 2:00-2:20", "Ben Okoro covers Ana Ferreira from Sat 1 Jan 02:00")
		s.covers("chloe", "me for @ana today 2:10-2:30", "Ben Okoro covers Ana Ferreira then: this one counts for the span of both")
		s.until(1, 2, 15)
		s.escalate("oncall", "ana").ExpectPrivate("now Chloe Marchand until Sat 1 Jan 02:30, for Ana Ferreira")
		s.until(1, 2, 35)
		s.escalate("oncall", "ana").ExpectPrivate("now nobody · Ana Ferreira is off until Sat 1 Jan 03:00 · next Ben Okoro from Sat 1 Jan 03:00")
		s.covers("chloe", "me for @ben today 2:40-2:50", "As things stand that changes nothing")
	})
}

func TestOnlyALeadPutsSomebodyElseOn(t *testing.T) {
	tell(t, func(s *story) {
		s.rotas(rota.Rotas{"support": weekly(s)})
		s.met("ana", "ben")
		s.covers("ana", s.mention("ben")+" tomorrow 9-13", "Only Ben Okoro, or a lead, can do that. Nothing was changed.")
		s.covers("lea", s.mention("ben")+" tomorrow 9-13", "Ben Okoro takes over")
		s.Command("/escalate", "cover "+s.mention("lea")+" today 4:00-5:00").In("escalations").As("mira").ExpectPrivate("Lea Sommer takes over")
		s.direct().As("lea").ExpectCard("Mira Janssen said that Lea Sommer takes over from Sat 1 Jan 04:00 to Sat 1 Jan 05:00, in support")
		s.covers("lea", s.mention("olga")+" tomorrow 9-13", "Nothing was changed: Olga Petrenko is none of the agents.")
		s.covers("olga", "me tomorrow 9-13", "Only agents can do that")
		s.covers("ana", "remove 1", "Only Ben Okoro, or a lead, can do that. Nothing was changed.")
		s.covers("ben", "remove 1", "Removed: Ben Okoro takes over")
		s.escalate("cover", "ana").ExpectPrivate("Cover: 1")
	})
}

func TestAMistypedCoverIsExplained(t *testing.T) {
	tell(t, func(s *story) {
		s.rotas(rota.Rotas{"support": weekly(s), "nights": weekly(s)})
		s.met("ana", "ben")
		for typed, told := range map[string]string{
			"me fri 9-13":               "Say at the end in which rota: nights, support.",
			"me soon support":           `Nothing was changed: "soon"`,
			"ben fri 9-13 support":      `I do not know whom you mean by "ben"`,
			"@bem fri 9-13 support":     "Did you mean /escalate cover @ben?",
			"me for me fri 9-13 nights": "nobody covers for themselves",
			"me for 100 days nights":    "Nothing was changed: ",
			"remove":                    "Name one by its number",
			"remove 9":                  "There is no cover 9",
			"?":                         "/escalate cover @ana fri 9:00-13:00",
		} {
			s.covers("ana", typed, told)
		}
		s.escalate("cover", "ana").ExpectPrivate("Nobody covers anybody")
	})
}

// A user group as a rota has all of it on, and follows who joins and leaves.
func TestAUserGroupIsARota(t *testing.T) {
	tell(t, func(s *story) {
		s.met("sam", "ben", "chloe")
		s.rotas(rota.Rotas{"billing": {Layers: []rota.Layer{{Group: "@billing-specialists"}}}})
		s.escalate("oncall", "ana").ExpectPrivate("now Sam Rivera · nobody else comes on in the next 100 days")
		s.covers("ben", "me for 2h", "Ben Okoro is added")
		s.escalate("oncall", "ana").ExpectPrivate("now Sam Rivera and Ben Okoro until ")
		s.control("group", map[string]any{"handle": "billing-specialists", "add": []string{"chloe"}})
		s.later(time.Second)
		s.escalate("oncall", "ana").ExpectPrivate("now Chloe Marchand and Sam Rivera and Ben Okoro until ")
	})
}
