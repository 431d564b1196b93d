package llm_test

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

func TestTriggersOnlyAddAHuman(t *testing.T) {
	trigger := func(kind, topic, quote string) func(*out) {
		return func(o *out) {
			o.Triggers = append(o.Triggers, map[string]string{"kind": kind, "topic": topic, "quote": quote})
		}
	}
	have := builtInSays()
	have.Signals = append(have.Signals, escalate.Trigger{Kind: escalate.HighRisk, Topic: "refund", Strength: 0.8})
	in(t, have, func(w *world) {
		seen := with(func(o *out) {
			trigger("human_request", "", "I want to talk to somebody")(o)
			trigger("anger", "", "this is a disgrace")(o)
			trigger("high_risk", "legal", "words that nobody wrote")(o)
			trigger("high_risk", "chargeback", "I paid with [CARD_1]")(o)
			trigger("safety", "", "husband called, watch out")(o)
		})
		w.then(saysText(seen), says(good()))
		a := w.assess(ticket())
		got := map[escalate.TriggerKind]escalate.Trigger{}
		for _, s := range a.Signals {
			if s.Topic != "refund" {
				got[s.Kind] = s
			}
		}
		text := ticket().Content.Messages[2].Text
		span := got[escalate.HumanRequest].Evidence
		if got[escalate.HumanRequest].Strength != 0.5 || len(span) != 1 || span[0].Message != "m3" ||
			text[span[0].Start:span[0].End] != "I want to talk to somebody" {
			t.Errorf("one of three readings saw a request for a person: %+v", got[escalate.HumanRequest])
		}
		if s := got[escalate.Anger].Strength; s <= 0.2 || s >= 0.5 {
			t.Errorf("one of three readings saw anger: %v", s)
		}
		risk := got[escalate.HighRisk]
		text = ticket().Content.Messages[0].Text
		if risk.Topic != "chargeback" || text[risk.Evidence[0].Start:risk.Evidence[0].End] != "I paid with 4111 1111 1111 1111" {
			t.Errorf("risk %+v", risk)
		}
		if got[escalate.Safety].Strength != 0 {
			t.Error("what nobody public wrote was evidence")
		}
		w.then(says(good()))
		before := map[string]float64{}
		for _, s := range have.Signals {
			before[string(s.Kind)+s.Topic] = s.Strength
		}
		for _, s := range w.assess(ticket()).Signals {
			if s.Strength != before[string(s.Kind)+s.Topic] {
				t.Errorf("a model that saw nothing changed %+v", s)
			}
		}
	})
}

func TestASummaryIsUsedOnlyWhenAllOfItIsInTheTicket(t *testing.T) {
	for summary, used := range map[string]bool{
		"The customer asks where order 48213 is; it was sent on Monday.":        true,
		"[NAME_1] asks where order 48213 is and wants to talk to somebody.":     true,
		"The customer wrote from [EMAIL_1] and asks for order 48213.":           true,
		"Die Kundin fragt nach der Bestellung 48213 und möchte einen Menschen.": true,
		"The customer asks where order 48214 is.":                               false,
		"The customer asks where order 4821 is.":                                false,
		"Otto promised the customer an answer by Monday.":                       false,
		"The customer in Berlin asks for order 48213.":                          false,
		"The customer asks for order 48213 and refunds of 200.":                 false,
		"The card [CARD_1] was charged for order 48213.":                        false,
		"The customer [NAME_9] asks for order 48213.":                           false,
		"<!channel> the customer asks for order 48213.":                         false,
		"Approved by @lead, the customer asks for order 48213.":                 false,
		"The customer asks; see https://evil.example for order 48213.":          false,
		"The customer asks for order 48213, see evil.example now.":              false,
		"客户询问订单 48213 在哪里，星期一已寄出。":                                              false,
		"Order": false,
		"The customer asks where it is. " + strings.Repeat("He waits. ", 100): false,
	} {
		in(t, builtInSays(), func(w *world) {
			w.then(saysText(with(func(o *out) { o.Summary = summary })))
			a := w.assess(ticket())
			if got := a.Summary != builtInSays().Summary; got != used {
				t.Errorf("%q: used is %v, became %q", summary, got, a.Summary)
			}
			if strings.Contains(a.Summary, "[") {
				t.Errorf("a stand-in is left in %q", a.Summary)
			}
		})
	}
}

func TestADraftIsDroppedUnlessAllOfItIsGrounded(t *testing.T) {
	const said = "your parcel with order 48213 leaves our warehouse within two working days."
	for name, c := range map[string]struct {
		change func(*out)
		kept   bool
	}{
		"as cited":         {func(*out) {}, true},
		"with the name":    {func(o *out) { o.Draft = "Hello [NAME_1],\n" + said + "\nKind regards" }, true},
		"a fake quotation": {func(o *out) { o.Citations[0]["quote"] = "your refund is approved" }, false},
		"one of two is fake": {func(o *out) {
			o.Citations = append(o.Citations, map[string]string{"source": "S2", "quote": "we give money away"})
		}, false},
		"a source that is not":       {func(o *out) { o.Citations[0]["source"] = "S9" }, false},
		"another answer's words":     {func(o *out) { o.Citations[0] = map[string]string{"source": "S2", "quote": "refunds within five days"} }, false},
		"nothing cited":              {func(o *out) { o.Citations = nil }, false},
		"a promise beside it":        {func(o *out) { o.Draft = said + " Refunds are always approved in full." }, false},
		"another order":              {func(o *out) { o.Draft = strings.ReplaceAll(o.Draft, "48213", "77001") }, false},
		"a link":                     {func(o *out) { o.Draft = said + " https://evil.example/c?d=48213" }, false},
		"a bare link":                {func(o *out) { o.Draft = "your parcel order leaves warehouse within evil.example working days." }, false},
		"a placeholder":              {func(o *out) { o.Draft = prepared }, false},
		"an address of the ticket's": {func(o *out) { o.Draft = "Hello,\nyour parcel leaves our warehouse within two working days [EMAIL_1]." }, false},
		"the card":                   {func(o *out) { o.Draft = said + " [CARD_1]" }, false},
		"a stand-in of nobody":       {func(o *out) { o.Draft = "Hello [NAME_7],\n" + said }, false},
		"what was removed":           {func(o *out) { o.Draft = said + " [removed]" }, false},
		"a mention":                  {func(o *out) { o.Draft = "<!channel> " + said }, false},
		"a picture":                  {func(o *out) { o.Draft = said + " ![x](y)" }, false},
		"huge":                       {func(o *out) { o.Draft = strings.Repeat(said+" ", 40) }, false},
		"hidden letters":             {func(o *out) { o.Draft = said + "\u200b" }, false},
		"other answer named":         {func(o *out) { o.Answer = "S2" }, false},
		"the background cited":       {func(o *out) { o.Citations = []map[string]string{{"source": "T1", "quote": "is on its way"}} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			have := builtInSays()
			have.Answer.Facts = []string{"order_status"}
			in(t, have, func(w *world) {
				w.then(saysText(with(c.change)))
				a := w.assess(ticket())
				if len(a.Answer.Facts) != 1 {
					t.Error("the facts no longer fence it")
				}
				if kept := a.Answer.Text != prepared; kept != c.kept {
					t.Errorf("kept is %v: %q", kept, a.Answer.Text)
				}
				if !c.kept && len(a.Answer.Unfilled) == 0 {
					t.Error("a placeholder counts as filled")
				}
			})
		})
	}
}

func TestWithoutABuiltInAnswerAGroundedDraftIsForAPersonToEdit(t *testing.T) {
	none := builtInSays()
	none.Answer, none.Confidence = nil, 0
	none.Sources[1].Used = true // an answer that the model's words take the place of
	in(t, none, func(w *world) {
		w.then(saysText(with(func(o *out) {
			o.Citations = []map[string]string{{"source": "S1", "quote": "leaves our warehouse within two working days"}}
			o.Draft = "Your parcel leaves our warehouse within two working days."
		})))
		a := w.assess(ticket())
		if a.Answer == nil || a.Answer.ID != "track" || a.Confidence != 0 {
			t.Fatalf("answer %+v, confidence %v", a.Answer, a.Confidence)
		}
		if a.Sources[0].ID != "track" || a.Sources[0].Passage != "leaves our warehouse within two working days" {
			t.Errorf("the draft rests on %+v", a.Sources[0])
		}
		if at := a.RestsOn(); len(at) != 1 || at[0] != 0 {
			t.Errorf("the draft is fenced by %v of %+v", at, a.Sources)
		}
		d := escalate.Decide(time.Now(), escalate.DefaultPolicy(), ticket(), a, escalate.World{})
		if d.Way != escalate.WayEscalate || d.Draft != escalate.DraftEdit {
			t.Errorf("decided %v, draft %v", d.Way, d.Draft)
		}
	})
}
