package main

import (
	"testing"

	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

// It is Ana's turn until three. Whoever is listed, it stays hers until then; each change is a version of the policy.
func TestALeadChangesWhoTakesTurns(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("rota", "ana").ExpectPrivate("There is no rota")
		s.met("ana", "ben", "chloe")
		s.rotas(rota.Rotas{"support": weekly(s)})
		s.escalate("rota", "ana").ExpectPrivate("support, first line Ana Ferreira, Ben Okoro · by the week · the turn of Ana Ferreira")
		s.escalate("rota people @chloe @ana", "ana").ExpectPrivate("Only leads can do that")

		s.escalate("rota people @chloe "+s.mention("ana")+" @ben", "lea").
			ExpectPrivate("rota support, first line: Ana Ferreira, Ben Okoro → Chloe Marchand, Ana Ferreira, Ben Okoro")
		s.privately("support", "lea", "now Ana Ferreira until Sat 1 Jan 03:00 · next Ben Okoro from Sat 1 Jan 03:00")
		s.escalate("rota support swap @ben @chloe", "lea").ExpectPrivate("now Ana Ferreira until Sat 1 Jan 03:00 · next Chloe Marchand from Sat 1 Jan 03:00")
		s.escalate("rota support first line remove @chloe", "lea").ExpectPrivate("now Ana Ferreira until Sat 1 Jan 03:00 · next Ben Okoro")
		s.escalate("rota remove @ana", "lea").ExpectPrivate("now Ben Okoro")
		s.escalate("rota add @ana", "lea").ExpectPrivate("now Ben Okoro until Sat 1 Jan 03:00 · next Ana Ferreira from Sat 1 Jan 03:00")
		s.escalate("rota", "ana").ExpectPrivate("Ben Okoro, Ana Ferreira · by the week · the turn of Ben Okoro")
		s.escalate("history", "lea").ExpectPrivate("rota support swap")
		s.view(func(tx desk.Tx) error {
			p, err := tx.Policy(s.t.Context())
			if err == nil && p.Version != 7 {
				t.Errorf("policy %d is in force, want 7: five changes after the first two", p.Version)
			}
			return err
		})
	})
}

func TestAMistypedChangeOfARotaIsExplained(t *testing.T) {
	tell(t, func(s *story) {
		s.met("ana", "ben")
		r := weekly(s)
		r.Layers = append(r.Layers, rota.Layer{Name: "stand-in", Group: "@billing-specialists"}, rota.Layer{Name: "night", People: []rota.PersonID{rota.PersonID(s.person("ben"))}})
		s.rotas(rota.Rotas{"support": r, "billing": {Layers: []rota.Layer{{Group: "@billing-specialists"}}}})
		for typed, told := range map[string]string{
			"supprt":                                "Did you mean /escalate rota support?",
			"people @ana":                           "Say in which rota: billing, support.",
			"support people @ana":                   "Say in which layer of support: first line, stand-in, night.",
			"billing people @ana":                   "Nothing was changed: all of billing are user groups",
			"support stand-in add @ana":             "stand-in are whoever is in @billing-specialists; change that group in Slack.",
			"support 1 people":                      "Say who: ",
			"support 1 people ana":                  "I do not know whom you mean by \"ana\"",
			"support 1 swap @ana":                   "a swap is of two people",
			"support first line add @ana":           "Ana Ferreira is in it already",
			"support night remove @ben":             "nobody would be left",
			"support night remove @ana":             "Ana Ferreira is not in it",
			"support 1 add " + s.mention("olga"):    "Olga Petrenko is none of the agents",
			"support first line people @ana @ben":   "Nothing was changed: the policy says so already.",
			"support first line swap @ana @charlie": "I know nobody by the name of \"charlie\"",
		} {
			s.escalate("rota "+typed, "lea").ExpectPrivate(told)
		}
	})
}
