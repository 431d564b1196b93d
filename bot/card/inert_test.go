package card

import (
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// maxIntake is the longest text that intake lets through, in bytes.
const maxIntake = 40_000

func FuzzEverythingIsInert(f *testing.F) {
	f.Add("plain", "words", uint8(0))
	f.Add("<!channel> <@U123> <#C1|x> <https://evil.example|click>", "*bold* :smile: `x`", uint8(1))
	f.Add(strings.Repeat("<", 3000), strings.Repeat("&", 10000), uint8(2))
	f.Add("\u202Egnp.exe\u0000\U000E0041", strings.Repeat("א\u200F", 5000), uint8(3))
	f.Add(strings.Repeat("a.bc ", 2000), strings.Repeat("👩‍👩‍👧‍👦", 1500), uint8(4))
	f.Add("e"+strings.Repeat("\u0301", 10000), "\xff\xfe"+strings.Repeat("\n", 9000), uint8(5))
	f.Add("javascript:alert(1) mailto:a@b.co", strings.Repeat("https://evil.example/x?y&z ", 300), uint8(6))
	names := slices.Sorted(maps.Keys(states()))
	f.Fuzz(func(t *testing.T, a, b string, pick uint8) {
		if len(a) > maxIntake || len(b) > maxIntake {
			t.Skip("SKIPPED: longer than what intake lets through")
		}
		c := states()[names[int(pick)%len(names)]]
		poison(c, a, b)
		for _, draw := range surfaces {
			draw(t, c, a, b)
		}
	})
}

var hostileTickets = flag.Int("hostile.tickets", 1000, "how many tickets TestHostileTicketsAreInert draws")

// Each ticket with its card in some state, and one more of all the places where its words may stand.
func TestHostileTicketsAreInert(t *testing.T) {
	t.Parallel()
	const parts = 8
	names := slices.Sorted(maps.Keys(states()))
	for part := range parts {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			t.Parallel()
			dice := rand.New(rand.NewPCG(1, uint64(part))) //nolint:gosec // the same tickets in every run
			for i := part; i < *hostileTickets && !t.Failed(); i += parts {
				state := names[i/parts%len(names)]
				c, a, b := states()[state], hostile(dice), hostile(dice)
				poison(c, a, b)
				surfaces[0](t, c, a, b)
				surfaces[1+i/parts%(len(surfaces)-1)](t, c, a, b)
				if t.Failed() {
					t.Logf("ticket %d, %s:\n%q\n%q", i, state, a, b)
				}
			}
		})
	}
}

// charms are what a hostile text is made of: what Slack, a client, a terminal or a reader could take for more than words.
var charms = []string{
	"<!channel>", "<!here|now>", "<@U0ANA>", "<#C1|support>", "<!subteam^S1>", "<!date^1^{date}^https://evil.example|x>", "@channel", "@here",
	"<https://evil.example|desk.lumen.example>", "https://evil.example/?q=1&r=2", "http://[::1]/", "www.evil.example", "evil.example",
	"mailto:a@b.co", "tel:+491234567", "javascript:alert(1)", "slack://user?team=T1", "HTTPS://EVIL.EXAMPLE", "hxxp://evil.example", "a.bc/x",
	"![x](https://evil.example/p.png)", "[click](https://evil.example)", "<img src=x>", "<script>", "&lt;!channel&gt;", "&amp;", "&", "<", ">",
	":smile:", ":a::b:", "*bold*", "_it_", "~no~", "`code`", "```", ">quote", "\n\n\n", "\r\n", "\t", " ", "  ",
	"\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u0000", "\u001b[31m", "\ufe0f", "\U000E0041", "\U000E007F", "\u0301",
	"\xff", "\xc3", "\xed\xa0\x80", "👩\u200d👩\u200d👧", "🇩🇪", "返金は本日完了しました。", "שלום", "مرحبا", "Straße", "1234567890", "DE89 3704 0044 0532 0130 00",
	"{{order_status}}", "{name}", "01TOKEN", "|", "\"", "'", "\\", "\\u003c", "%s", "/escalate pause", "the parcel", "has not", "come.",
}

// hostile makes a text: mostly as long as tickets are, one in a thousand as long as intake lets through.
func hostile(dice *rand.Rand) string {
	most := 1 << dice.IntN(8)
	if dice.IntN(1000) == 0 {
		most = maxIntake
	}
	var b strings.Builder
	for piece := ""; b.Len()+len(piece) <= most; {
		b.WriteString(piece)
		if dice.IntN(3) == 0 {
			b.WriteByte(' ')
		}
		if piece = charms[dice.IntN(len(charms))]; dice.IntN(40) == 0 {
			piece = strings.Repeat(piece, 1+dice.IntN(100))
		}
	}
	return b.String()
}

// surfaces are all the places where a ticket's words may stand, its card first. Each is drawn for a ticket whose every word is
// hostile, and held to be taken by Slack and inert.
var surfaces = []func(t *testing.T, c *desk.Card, a, b string){
	func(t *testing.T, c *desk.Card, _, _ string) { t.Helper(); sound(t, Draw(c)) },
	modalOf(desk.ActSubmitEdit), modalOf(desk.ActSubmitReject), modalOf(desk.ActSubmitReply), modalOf(desk.ActSubmitCorrect),
	modalOf(desk.ActSubmitPass), modalOf(desk.ActSubmitSnooze), modalOf(desk.ActSubmitInform), modalOf(desk.ActSubmitAnswer), modalOf(desk.ActSubmitPreview),
	modalOf(desk.ActSubmitFold), modalOf(desk.ActSubmitLink), modalOf(desk.ActSubmitEscalate), modalOf(desk.ActDetails),
	func(t *testing.T, _ *desk.Card, a, b string) {
		t.Helper()
		for _, m := range Answer(toldOf(a, b)) {
			sound(t, m)
		}
	},
	func(t *testing.T, _ *desk.Card, a, b string) { t.Helper(); sound(t, Notice("k", toldOf(a, b))) },
	func(t *testing.T, _ *desk.Card, a, b string) { t.Helper(); sound(t, Notice("k", foldOf(a, b))) },
	func(t *testing.T, _ *desk.Card, a, b string) {
		t.Helper()
		for _, m := range Thread(desk.ThreadPost{Key: "k", Head: a, Text: b, Mention: escalate.PersonID(a), At: noon, Files: []desk.FileLine{{Name: a, Type: b, Size: 1}}, URL: a}) {
			sound(t, m)
		}
	},
	func(t *testing.T, _ *desk.Card, a, b string) { t.Helper(); soundHome(t, poisonedHome(a, b)) },
}

func modalOf(action desk.Action) func(*testing.T, *desk.Card, string, string) {
	return func(t *testing.T, c *desk.Card, a, b string) {
		t.Helper()
		soundView(t, Modal(&desk.Modal{Action: action, Token: "01TOKEN", Card: c, Head: a, Text: a, Warn: b, MaxFiles: 3, Kept: []desk.FileLine{{Ref: "F1", Name: a}}}))
	}
}

func toldOf(a, b string) *desk.Answer {
	return &desk.Answer{Text: a, Keep: b, Lines: []desk.Line{{Head: a, Text: b, URL: trustedURL}, {Text: b, Code: true}, {Text: a, Bare: true}}}
}

func foldOf(a, b string) *desk.Answer {
	f := &desk.Answer{
		Text: a, Lines: []desk.Line{{Head: a, Text: b}}, Token: "01TOKEN",
		Actions: []desk.Action{desk.ActFoldReply, desk.ActFoldClaim, desk.ActFoldShow, desk.ActFoldUndo},
	}
	for i := range 25 {
		f.Boxes = append(f.Boxes, desk.Box{Value: strconv.Itoa(i), Text: a, Note: b, At: noon})
	}
	return f
}

// poison puts hostile words wherever words may stand.
func poison(c *desk.Card, a, b string) {
	many := []string{a, b, a, b, a, b, a, b, a, b}
	c.Number, c.Subject, c.Customer = a, b, escalate.Customer{Name: a, Email: b, Plan: b}
	c.Lang, c.Via, c.Mood.Word, c.Ask, c.Given = a, b, a, b, many
	for range 8 {
		c.Attempts = append(c.Attempts, escalate.Attempt{By: escalate.RoleAgent, Text: a, Reaction: b})
		c.Sources = append(c.Sources, escalate.Source{Title: a, Kind: b, Passage: b, URL: a})
		c.Similar = append(c.Similar, escalate.Source{Title: b, Kind: a, Passage: a, URL: "https://evil.example/?" + b})
		c.Reasons = append(c.Reasons, desk.ReasonLine{Words: a, Quotes: many})
		c.Factors = append(c.Factors, escalate.Factor{Name: a, Words: b})
	}
	c.Reasons[0] = desk.ReasonLine{Words: b, Quotes: many}
	c.NextStep, c.Summary, c.Moved, c.Misrouted, c.Assignee = a, b, a+c.Moved, b, a
	c.Handoff.MovedTo = b
	c.Handoff.Wait.Reason, c.Handoff.Wait.By = escalate.WaitReason(a), escalate.PersonID(b)
	if c.Draft != nil {
		c.Draft.Text, c.Draft.Unfilled, c.Draft.By = a+b, many, escalate.PersonID(a)
	}
	if c.Last != nil {
		c.Last.Text, c.Last.Detail, c.Last.By = b+a, a, escalate.PersonID(b)
	}
}
