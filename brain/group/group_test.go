package group_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/brain/group"
	"warmline/escalate"
)

// history makes one solved ticket of each reply, with ids t0, t1 and so on.
func history(replies ...string) brain.Knowledge {
	var k brain.Knowledge
	for i, r := range replies {
		k.Past = append(k.Past, past(fmt.Sprintf("t%d", i), "", r))
	}
	return k
}

func past(id, customer, reply string) brain.Past {
	return brain.Past{ID: id, Content: escalate.Content{
		Customer: escalate.Customer{Name: customer},
		Messages: []escalate.Message{
			{Role: escalate.RoleCustomer, Text: "question", Public: true}, {Role: escalate.RoleAgent, Text: reply, Public: true},
		},
	}}
}

func answers(k brain.Knowledge) []string {
	var out []string
	for _, p := range group.Answers(k).Past {
		out = append(out, p.Gold.AnswerID)
	}
	return out
}

func want(t *testing.T, k brain.Knowledge, ids ...string) {
	t.Helper()
	if diff := cmp.Diff(ids, answers(k)); diff != "" {
		t.Error(diff)
	}
}

func TestRepliesThatDifferInTheCustomersThingsAreOneAnswer(t *testing.T) {
	k := history(
		"Hi Ana,\n\nI looked at order LK-4711: the parcel left on 3 June and reaches you by Friday. You can follow it at track.example/4711.\n\nBest,\nTom",
		"Dear Ms Okafor,\n\nI looked at order LK-99: the parcel left on 12 August and reaches you by Monday. You can follow it at track.example/99a.\n\nKind regards\nMira",
		"Hello,\nthanks for reaching out. I looked at order 5: the parcel left on Tuesday and reaches you by Thursday. You can follow it at https://track.example/5.\nLet me know if you have any further questions!\n-- \nSam\nLumen Ltd, 5 High Street",
	)
	want(t, k, "reply:t0", "reply:t0", "reply:t0")
}

func TestTheCustomersNameInTheMiddleIsNoDifference(t *testing.T) {
	k := brain.Knowledge{Past: []brain.Past{
		past("a", "Ana Ruiz", "As you asked, Ana, the lamp has been moved to the account of Ana Ruiz and works again."),
		past("b", "Bo Lind", "As you asked, Bo, the lamp has been moved to the account of Bo Lind and works again."),
	}}
	want(t, k, "reply:a", "reply:a")
}

func TestRepliesThatSayDifferentThingsAreDifferentAnswers(t *testing.T) {
	k := history(
		"The battery lasts two years. Open the cap and swap both cells at the same time.",
		"The filter lasts two years. Rinse the mesh under cold water once a month.",
		"You can return the lamp within thirty days.",
		"You cannot return the lamp within thirty days.",
	)
	want(t, k, "reply:t0", "reply:t1", "reply:t2", "reply:t3")
}

const (
	longHello = "Thank you so much for being a loyal member of the Lumen family and for giving us the chance to look into this matter for you today. " +
		"We always strive to provide each and every one of our members with the very best light that money can buy. "
	longBye = " As a small thank you for your loyalty we have enclosed a brochure of our autumn collection which our designers have been working on all year. " +
		"Our showroom in the old harbour welcomes you with coffee and cake on every day of the week."
)

func TestTemplatesThatShareBeginningAndEndStayApart(t *testing.T) {
	middles := []string{
		"Your dimmer needs a neutral wire behind the wall plate.",
		"The invoice is waiting in the billing section of the account.",
		"We ship spare glass shades to the islands by ferry.",
	}
	for kinds := 2; kinds <= len(middles); kinds++ {
		var replies, ids []string
		for n := range 12 {
			replies = append(replies, longHello+middles[n%kinds]+longBye)
			ids = append(ids, fmt.Sprintf("reply:t%d", n%kinds))
		}
		want(t, history(replies...), ids...)
	}
}

func TestCourtesiesAloneAreNoAnswer(t *testing.T) {
	k := history(
		"Hi Ana,\n\nthank you for contacting us. Please see attached.\n\nBest,\nTom",
		"Hello Ben,\n\nthanks for reaching out! Please see attached.\n\nRegards,\nTom",
		"You're welcome, have a great day!",
	)
	want(t, k, "", "", "")
}

func TestAnAnswerThatIsPolitelyPutIsNoCourtesy(t *testing.T) {
	k := history(
		"I have added ten points to the account as a goodwill gesture to apologise for the inconvenience.",
		"Tom",
		"Thanks for the photo, the bulb is of the old kind and gets too hot in this shade.",
	)
	want(t, k, "reply:t0", "", "reply:t2")
}

func TestRepliesWithoutBlanksBetweenWordsAreRead(t *testing.T) {
	k := history(
		"您好，订单4711已经从仓库发出，预计星期五送到。请打开物流页面查看包裹的位置。",
		"您好！订单99已经从仓库发出，预计星期一送到。请打开物流页面查看包裹的位置。",
		"灯泡可以自己更换，请先关掉电源，等它冷却以后再拧下来。",
	)
	want(t, k, "reply:t0", "reply:t0", "reply:t2")
}

func TestAClosingCourtesyDoesNotHideTheAnswerBeforeIt(t *testing.T) {
	k := history("Turn the lamp off at the wall for one minute, then press the round button twice.")
	m := &k.Past[0].Content
	m.Messages = append(m.Messages, escalate.Message{Role: escalate.RoleCustomer, Text: "Thanks!", Public: true},
		escalate.Message{Role: escalate.RoleAgent, Text: "You're welcome, have a nice day!", Public: true},
		escalate.Message{Role: escalate.RoleAgent, Text: "internal: turned out to be the fuse, told nobody about it"})
	k.Macros = []brain.Macro{{ID: "reset", Body: "Turn the lamp off at the wall for one minute, then press the round button twice."}}
	want(t, k, "reset")
}

var macros = []brain.Macro{
	{ID: "refund", Body: "Hi {{customer_name}},\n\nI looked at order {{order_number}}: the return reached our warehouse on {{date}} and the refund of {{amount}} went out to {{method}} the same day. Banks take up to five working days to show it."},
	{ID: "refund-late", Body: "Hi {{customer_name}},\n\nI looked at order {{order_number}}: the return has not reached our warehouse yet. Please send me the receipt of the parcel shop, and I ask the carrier where it is."},
	{ID: "hello", Body: "Hi {{customer_name}},\n\nThank you for contacting us. Please see attached.\n\nBest,\n{{agent}}"},
	{ID: "noted", Body: "We have noted it."},
}

func TestAFilledMacroIsThatMacro(t *testing.T) {
	k := history(
		"Hi Ana,\n\nI looked at order LK-2201: the return reached our warehouse on 4 June and the refund of 39.90 EUR went out to your card the same day. Banks take up to five working days to show it.\n\nBest,\nTom",
		// Changed by hand, and with an addition.
		"Hello Ben, sorry for the wait! I looked at order LK-9: the return reached our warehouse on Friday and the refund went out to PayPal this morning. Banks take up to five working days to show it. The cable may stay with you.",
		"Hi Cleo,\n\nI looked at order 7: the return has not reached our warehouse yet. Please send me the receipt of the parcel shop, and I ask the carrier where it is.",
		"Hi Dan,\n\nThank you for contacting us. The bulb has a screw base of the small size.\n\nBest,\nTom",
		"The lamp with the crooked arm can be bent back by hand while it is warm. We have noted it. Our workshop also does it for free on Saturdays.",
	)
	k.Macros = macros
	want(t, k, "refund", "refund", "refund-late", "reply:t3", "reply:t4")
}

func TestWhatPeopleSaidStaysAndNamesTheGroup(t *testing.T) {
	k := history(
		"Hold the round button for five seconds until the light blinks blue, then let go.",
		"Hold the round button for five seconds until the light blinks blue, then let go.",
		"Hold the round button for five seconds until the light blinks blue, then let go.",
		"Hold the round button for five seconds until the light blinks blue, then let go.",
	)
	k.Past[1].Gold.AnswerID = "pairing"
	k.Past[2].Gold.InScope = brain.Bool(false)
	k.Past[3].Gold.AnswerID = "special"
	want(t, k, "pairing", "pairing", "", "special")
	if k.Past[0].Gold.AnswerID != "" {
		t.Error("the knowledge that was given has changed")
	}
}

func TestAnAnswerGivenOnceIsSeldom(t *testing.T) {
	found := group.Find(history("The shade is made of glass and can be washed.", "We close at noon on Saturdays in winter.", "The shade is made of glass and can be washed."))
	if diff := cmp.Diff([]group.Answer{{ID: "reply:t0", Tickets: []string{"t0", "t2"}}, {ID: "reply:t1", Tickets: []string{"t1"}}}, found); diff != "" {
		t.Error(diff)
	}
	if found[0].Seldom() || !found[1].Seldom() {
		t.Error("seldom is what was given once")
	}
}

// Small changes from one reply to the next must not join the first with the last.
func TestAChainOfSmallChangesJoinsNotWhatDiffers(t *testing.T) {
	ws := strings.Fields("open the grey cover press the latch lift the tray clean the lens wipe the seal dry the frame close the cover wait for the beep check the lamp start the timer")
	other := strings.Fields("send your form to berlin sign both pages add a copy of each bill ask for a stamp keep one sheet pay the small fee call after noon bring some proof thanks friend bye")
	var replies []string
	for n := 0; n <= len(ws); n += 2 {
		replies = append(replies, strings.Join(append(append([]string{}, other[:min(n, len(other))]...), ws[n:]...), " "))
	}
	got := answers(history(replies...))
	if got[0] == got[len(got)-1] {
		t.Errorf("the first and the last of %d are one answer: %v", len(got), got)
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add("Hi Ana,\n\nit left today.\n\nBest,\nTom", "it left today", "{{x}} it left today")
	f.Add("> quoted\n\xff{{", "a", "a b c d e f g")
	f.Fuzz(func(t *testing.T, a, b, macro string) {
		k := history(a, b, a)
		k.Macros = []brain.Macro{{ID: "m", Body: macro}}
		got := answers(k)
		if got[0] != got[2] {
			t.Errorf("the same reply is %q and %q", got[0], got[2])
		}
		if diff := cmp.Diff(got, answers(k)); diff != "" {
			t.Error(diff)
		}
	})
}
