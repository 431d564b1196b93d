package card

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// sample is a hand-off about a refund, open, with a draft that may be approved.
func sample() *desk.Card {
	return &desk.Card{
		Handoff: escalate.Handoff{ID: "01HANDOFF", Kind: escalate.KindEscalation, State: escalate.HandoffOpen},
		Version: 7, Token: "01TOKEN", Channel: "support",
		Number: "4711", URL: trustedURL, Subject: "Where is my refund?",
		Reasons: []desk.ReasonLine{
			{Kind: escalate.HighRisk, Words: "High-risk topic: refund", Quotes: []string{"I want my money back"}},
			{Kind: escalate.Anger, Words: "Customer is upset", Quotes: []string{"this is ridiculous"}},
		},
		Customer: escalate.Customer{Name: "Ina Berg", Email: "ina@berg.example", Plan: "Pro"},
		Lang:     "de", Via: "email", Waiting: noon, Due: noon.Add(4 * time.Hour),
		Mood: escalate.Mood{Score: -0.6, Turn: -0.4, Word: "upset"},
		Ask:  "I want the money for order 88 back, which was cancelled two weeks ago.", Given: []string{"order number", "photo"},
		Attempts: []escalate.Attempt{{
			By: escalate.RoleBot, Text: "Refunds take five days.", Reaction: "It has been fourteen days.", Failed: true,
		}},
		NextStep: "Check order 88 in the payment system.", Summary: "Ina cancelled order 88 and waits for her refund.",
		Draft: &desk.CardDraft{
			Reply: "01REPLY", Text: "Hi Ina,\n\nyour refund for order 88 went out today.\nSee https://lumen.example/refunds.\n\nBest, Lumen",
			Use: escalate.DraftApproval, State: escalate.ReplyProposed,
		},
		Confidence: 0.87,
		Factors: []escalate.Factor{
			{Name: "record", Words: "37 of the last 40 like this were sent unedited", Pull: 1.2},
			{Name: "amount", Words: "an amount is asked for that no source names", Pull: -0.7},
		},
		Sources: []escalate.Source{{ID: "m1", Kind: "macro", Title: "Refund sent", Passage: "Your refund went out today.", Score: 0.91}},
		Similar: []escalate.Source{{ID: "t9", Kind: "ticket", Title: "Refund missing", Passage: "We sent it again.", Score: 0.6}},
		Status:  escalate.StatusOpen,
	}
}

// states is a card in every state that people meet.
func states() map[string]*desk.Card {
	made := map[string]func(*desk.Card){
		"open_draft":    func(*desk.Card) {},
		"open_no_draft": func(c *desk.Card) { c.Draft = nil },
		"open_no_use":   func(c *desk.Card) { c.Draft.Use = escalate.DraftNone },
		"open_edit_only": func(c *desk.Card) {
			c.Draft.Use = escalate.DraftEdit
		},
		"open_unfilled": func(c *desk.Card) {
			c.Draft.Text, c.Draft.Unfilled = "Hi {name}, your order {order} …", []string{"name", "order"}
		},
		"open_moved": func(c *desk.Card) { c.Moved = "Ina wrote again" },
		"open_long_draft": func(c *desk.Card) {
			c.Draft.Text = strings.Repeat("A line of a very long answer.\n", 400)
		},
		"open_hidden": func(c *desk.Card) { c.Draft.Text = "Call us\u202E now" },
		"open_secret": func(c *desk.Card) {
			c.Draft.Text, c.Draft.Hidden, c.Hidden = "We sent it to DE89 3704 0044 0532 0130 00.", true, true
			c.Ask = "Charge 4111 1111 1111 1111 instead."
		},
		"open_plain":     func(c *desk.Card) { c.Plain = true },
		"open_misrouted": func(c *desk.Card) { c.Misrouted = "payments" },
		"open_offered": func(c *desk.Card) {
			c.Handoff.Offer = escalate.Offer{To: "U0BEN", Reason: rota.LongestAgo, Next: noon.Add(10 * time.Minute)}
		},
		"open_last_resort": func(c *desk.Card) {
			c.Instead, c.Handoff.Offer = "billing", escalate.Offer{To: "U0BEN", Reason: rota.OnlyOne, Last: true}
		},
		"open_nobody_on": func(c *desk.Card) {
			c.Handoff.Offer = escalate.Offer{Reason: rota.NobodyOnShift, Opens: noon.Add(20 * time.Hour)}
		},
		"open_all_full": func(c *desk.Card) { c.Handoff.Offer = escalate.Offer{Reason: rota.NobodyFree} },
		"claimed":       func(c *desk.Card) { claim(c); c.Draft = nil },
		"claimed_draft": claim,
		"approved": func(c *desk.Card) {
			claim(c)
			c.Draft.State, c.Draft.By, c.Draft.SendAt = escalate.ReplyApproved, "U0ANA", noon.Add(2*time.Hour+10*time.Second)
		},
		"approved_files": func(c *desk.Card) {
			claim(c)
			c.Draft.State, c.Draft.By, c.Draft.SendAt = escalate.ReplyApproved, "U0ANA", noon.Add(2*time.Hour+10*time.Second)
			c.Draft.Files = []desk.FileLine{{Name: "label.pdf", Type: "application/pdf", Size: 82_000, Here: true}, {Name: "<!here>", Here: true}}
		},
		"sending": last(escalate.ReplySending, ""),
		"unknown": last(escalate.ReplyUnknown, ""),
		"ask":     last(escalate.ReplyAsk, ""),
		"sent":    last(escalate.ReplySent, ""),
		"failed":  last(escalate.ReplyFailed, "ticket is archived"),
		"withdrawn": func(c *desk.Card) {
			c.Handoff.State, c.Handoff.EndedAt, c.Handoff.MovedTo = escalate.HandoffWithdrawn, noon, "escalations"
		},
		"given_back": func(c *desk.Card) {
			c.Handoff.State, c.Handoff.EndedAt, c.Handoff.EndedBy = escalate.HandoffWithdrawn, noon, "U0ANA"
		},
		"snoozed": func(c *desk.Card) {
			claim(c)
			c.Draft, c.Handoff.Snoozed = nil, noon.Add(20*time.Hour)
		},
		"kept_informed": func(c *desk.Card) {
			claim(c)
			c.Draft, c.Handoff.Wait = nil, escalate.Wait{Reason: escalate.WaitPayment, Since: noon, Until: noon.Add(26 * time.Hour), By: "U0ANA", At: noon}
		},
		"time_missed": func(c *desk.Card) {
			claim(c)
			c.Handoff.Wait = escalate.Wait{Reason: escalate.WaitDecision, Since: noon, Until: noon.Add(2 * time.Hour), By: "U0ANA", Missed: true}
		},
		"updates_off": func(c *desk.Card) {
			claim(c)
			c.Draft, c.Handoff.Quiet = nil, true
		},
		"looked_back": func(c *desk.Card) {
			claim(c)
			c.Handoff.State, c.Handoff.EndedBy, c.Handoff.EndedAt = escalate.HandoffResolved, "U0ANA", noon.Add(3*time.Hour)
			c.Handoff.Hindsight, c.Handoff.LookedBy, c.Status, c.Draft = escalate.HindsightDraft, "U0ANA", escalate.StatusSolved, nil
		},
		"taken": func(c *desk.Card) { c.Handoff.State, c.Assignee = escalate.HandoffTaken, "Otto Maier" },
		"resolved": func(c *desk.Card) {
			claim(c)
			c.Handoff.State, c.Handoff.EndedBy, c.Handoff.EndedAt = escalate.HandoffResolved, "U0ANA", noon.Add(3*time.Hour)
			c.Status, c.Draft = escalate.StatusSolved, nil
			c.Last = &desk.CardReply{Purpose: escalate.PurposeAnswer, State: escalate.ReplySent, By: "U0ANA", At: noon.Add(3 * time.Hour)}
		},
	}
	out := map[string]*desk.Card{}
	for name, change := range made {
		c := sample()
		change(c)
		out[name] = c
	}
	return out
}

func claim(c *desk.Card) {
	c.Handoff.State, c.Handoff.Owner, c.Handoff.ClaimedAt, c.Owner = escalate.HandoffClaimed, "U0ANA", noon.Add(time.Hour), "U0ANA"
	c.ThreadHint = true
}

func last(s escalate.ReplyState, detail string) func(*desk.Card) {
	return func(c *desk.Card) {
		claim(c)
		c.Last = &desk.CardReply{
			Purpose: escalate.PurposeAnswer, State: s, By: "U0ANA", At: noon.Add(time.Hour), Detail: detail, Text: c.Draft.Text,
		}
		c.Draft = nil
	}
}

func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./bot/card -update writes it", err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, d)
	}
}

func TestCardInEveryState(t *testing.T) {
	for name, c := range states() {
		t.Run(name, func(t *testing.T) {
			m := Draw(c)
			sound(t, m)
			golden(t, "card_"+name, m)
			if again := Draw(c); !cmp.Equal(marshal(t, m), marshal(t, again)) {
				t.Error("drawing twice gives two cards")
			}
		})
	}
}

func TestCardOffersWhatItsStateAllows(t *testing.T) {
	more := func(s ...string) []string { return s }
	for name, want := range map[string][2][]string{
		"open_draft":      {{"Claim", "Approve & send", "Edit"}, more("Details", "Approve & solve", "Reply", "Reject draft", "Resolve")},
		"open_no_draft":   {{"Claim", "Reply"}, more("Details", "Resolve", "Pass on …", "Read again")},
		"open_no_use":     {{"Claim", "Reply"}, more("Details", "Resolve", "Pass on …", "Read again")},
		"open_edit_only":  {{"Claim", "Edit"}, more("Details", "Reply", "Reject draft", "Resolve", "Read again")},
		"open_unfilled":   {{"Claim", "Edit"}, more("Details", "Reply", "Reject draft", "Resolve", "Read again")},
		"open_moved":      {{"Claim", "Edit"}, more("Details", "Reply", "Reject draft", "Resolve", "Read again")},
		"open_hidden":     {{"Claim", "Edit"}, more("Details", "Reply", "Reject draft", "Resolve", "Read again")},
		"open_long_draft": {{"Claim", "Approve & send", "Edit"}, more("Details", "Reply", "Reject draft", "Resolve")},
		"open_secret":     {{"Claim", "Preview & send", "Edit"}, more("Details", "Reply", "Reject draft", "Resolve", "Show hidden")},
		"open_plain":      {{"Claim", "Edit"}, more("Details", "Reply", "Reject draft", "Resolve", "Read again")},
		"claimed":         {{"Reply", "Resolve"}, more("Details", "Pass on …", "Snooze …", "Keep informed …", "Read again")},
		"claimed_draft": {
			{"Approve & send", "Edit", "Reply", "Resolve"},
			more("Details", "Approve & solve", "Pass on …", "Snooze or wait …", "Reject draft"),
		},
		"snoozed":       {{"Reply", "Resolve"}, more("Details", "Pass on …", "Wake", "Keep informed …", "Read again")},
		"kept_informed": {{"Reply", "Resolve"}, more("Details", "Pass on …", "Snooze …", "Keep informed …", "Read again")},
		"given_back":    {{"Details"}, nil},
		"approved":      {{"Undo"}, more("Details")},
		"sending":       {{"Details"}, nil},
		"unknown":       {{"Details"}, nil},
		"ask":           {{"It arrived", "Send again", "Details"}, nil},
		"sent":          {{"Reply", "Resolve"}, more("Details", "Pass on …", "Snooze …", "Keep informed …", "Read again")},
		"failed":        {{"Reply", "Resolve"}, more("Details", "Pass on …", "Snooze …", "Keep informed …", "Read again")},
		"taken":         {{"Details"}, nil},
		"resolved":      {{"Yes, by itself", "As a draft", "No, a person", "Details"}, nil},
		"looked_back":   {{"Details"}, nil},
		"withdrawn":     {{"Details"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			row, menu := offered(t, Draw(states()[name]))
			if d := cmp.Diff(want[0], row); d != "" {
				t.Errorf("buttons (-want +got):\n%s", d)
			}
			if d := cmp.Diff(want[1], menu); d != "" {
				t.Errorf("menu (-want +got):\n%s", d)
			}
		})
	}
}

// Where the AI answered by itself, the menu takes a complaint, unless it is full.
func TestAnAutomaticAnswerCanBeCalledWrong(t *testing.T) {
	for name, want := range map[string]bool{
		"open_no_draft": true, "open_draft": false, "open_moved": false, "open_long_draft": true, "claimed": true, "claimed_draft": false, "sending": false,
	} {
		c := states()[name]
		c.Automatic = true
		m := Draw(c)
		sound(t, m)
		_, menu := offered(t, m)
		if got := slices.Contains(menu, "That was wrong"); got != want || len(menu) > 5 {
			t.Errorf("%s: the menu is %q, want a complaint %v", name, menu, want)
		}
	}
}

// What an owner waits for can be said wherever there is room, and stays where an automatic answer and hidden words take theirs.
func TestWhatTheCustomerHearsIsInTheMenuWhereThereIsRoom(t *testing.T) {
	for name, want := range map[string]bool{"claimed": true, "snoozed": true, "claimed_draft": false, "open_no_draft": false, "taken": false, "approved": false} {
		for _, full := range []bool{false, true} {
			c := states()[name]
			c.Automatic, c.Hidden = full, full
			_, menu := offered(t, Draw(c))
			if got := slices.Contains(menu, "Keep informed …"); got != want || len(menu) > mostChoices {
				t.Errorf("%s, full %v: the menu is %q, want it there: %v", name, full, menu, want)
			}
		}
	}
	long := states()["open_long_draft"] // which cannot be approved and solved from a menu
	claim(long)
	if _, menu := offered(t, Draw(long)); !slices.Contains(menu, "Keep informed …") {
		t.Errorf("there is room in %q", menu)
	}
}

// offered returns the names of a card's buttons and of its menu's choices.
func offered(t *testing.T, m Message) (buttons, menu []string) {
	t.Helper()
	for _, b := range m.Blocks {
		actions, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range actions.Elements.ElementSet {
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				buttons = append(buttons, e.Text.Text)
				if a, tok := Pressed(e.ActionID, e.Value); names[a].words != e.Text.Text || tok != "01TOKEN" {
					t.Errorf("button %q means %q with token %q", e.Text.Text, a, tok)
				}
			case *slack.OverflowBlockElement:
				for _, o := range e.Options {
					menu = append(menu, o.Text.Text)
					if a, tok := Pressed(e.ActionID, o.Value); names[a].words != o.Text.Text && inMenu(a, nil) != o.Text.Text || tok != "01TOKEN" {
						t.Errorf("choice %q means %q with token %q", o.Text.Text, a, tok)
					}
				}
			}
		}
	}
	return buttons, menu
}

// What a tired agent needs must be there in words, in the blocks and in the fallback.
func TestCardSaysItInWords(t *testing.T) {
	stateWords := map[string]string{
		"open_draft": "Nobody has claimed it yet", "claimed": "Claimed by @U0ANA", "approved": "@U0ANA approved, goes out at 14:00:10 UTC",
		"sending": "on its way", "unknown": "Checking whether the reply arrived", "ask": "may or may not have reached",
		"sent": "Sent: the reply, by @U0ANA", "failed": "refused the reply (ticket is archived)", "taken": "in the helpdesk by Otto Maier",
		"resolved": "Should the AI have handled this?", "looked_back": "Looking back, @U0ANA says: the AI should have drafted the answer",
		"withdrawn": "Moved to #escalations", "snoozed": "Snoozed until 21 Nov 08:00 UTC",
		"kept_informed": "Customer hears from us: waiting for the payment provider, by 21 Nov 14:00 UTC, set by @U0ANA.", "updates_off": "Updates to the customer are off.",
		"time_missed": "waiting for a decision of ours, by 20 Nov 14:00 UTC, set by @U0ANA. That time has passed.",
		"given_back":  "Given back to the AI by @U0ANA", "open_paused": "Paused: everything, by Ben",
		"open_edit_only": "a person reworks every answer", "open_unfilled": "nobody has filled in name, order",
		"open_moved": "Not sent: since it was written, Ina wrote again.", "open_hidden": "characters that cannot be seen",
		"open_long_draft": "more characters. Details, in the menu, shows it whole",
	}
	fallbackWords := map[escalate.HandoffState]string{
		escalate.HandoffOpen: "Open", escalate.HandoffClaimed: "Claimed", escalate.HandoffTaken: "Taken over",
		escalate.HandoffResolved: "Resolved", escalate.HandoffWithdrawn: "Moved",
	}
	for name, c := range states() {
		if c.Plain {
			continue // says what it leaves out
		}
		t.Run(name, func(t *testing.T) {
			m := Draw(c)
			seen := shown(t, m.Blocks)
			words := fallbackWords[c.Handoff.State]
			if c.Handoff.GivenBack() {
				words = "Given back to the AI"
			}
			for _, want := range []string{
				"#4711", "High-risk topic: refund", "Ina Berg", "German",
				"upset, and it is getting worse", "order number, photo", "It has been fourteen days", stateWords[name],
			} {
				if !strings.Contains(seen, want) {
					t.Errorf("the card does not say %q:\n%s", want, seen)
				}
			}
			for _, want := range []string{"#4711", "High-risk topic: refund", "Ina Berg", words} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("the text does not say %q: %s", want, m.Text)
				}
			}
			if waits := strings.Contains(seen, "Waiting since 20 Nov 12:00 UTC · Answer due"); waits != c.Handoff.Active() {
				t.Errorf("says since when it waits: %t, active: %t", waits, c.Handoff.Active())
			}
			row, menu := offered(t, m)
			all := slices.Concat(row, menu)
			if uniq := slices.Compact(slices.Sorted(slices.Values(all))); len(uniq) != len(all) {
				t.Errorf("two buttons have the same name: %v", all)
			}
		})
	}
}

// The text beside the blocks says it, too: who hears the card read out must not promise the same again.
func TestTheTextSaysWhatTheCustomerHears(t *testing.T) {
	for name, want := range map[string]string{
		"kept_informed": "Claimed; waiting for the payment provider, the customer hears from us by 21 Nov 14:00 UTC",
		"time_missed":   "waiting for a decision of ours, the customer was to hear from us by 20 Nov 14:00 UTC",
		"updates_off":   "Claimed; updates to the customer are off",
	} {
		if got := Draw(states()[name]).Text; !strings.Contains(got, want) {
			t.Errorf("%s: the text does not say %q: %s", name, want, got)
		}
	}
	ended := states()["kept_informed"]
	ended.Handoff.State = escalate.HandoffResolved
	if got := Draw(ended).Text; strings.Contains(got, "waiting for") {
		t.Errorf("a resolved card says %q", got)
	}
}

// A card that says two things about one customer is believed in neither, and a date that no longer binds is read first.
func TestCardDoesNotContradictItself(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*desk.Card)
		want   []string
		never  []string
	}{
		"upset": {func(*desk.Card) {}, []string{"Customer is upset, and"}, []string{"Also: Customer is upset", "Also: \n"}},
		"upset, found calm": {
			func(c *desk.Card) { c.Mood = escalate.Mood{Word: "calm"} }, []string{"Also: Customer is upset"}, []string{"calm"},
		},
		"calm again": {
			func(c *desk.Card) { c.Mood, c.Reasons = escalate.Mood{Word: "calm", Turn: 0.6}, c.Reasons[:1] },
			[]string{"Customer is calm, and it is getting better."},
			[]string{"Also: "},
		},
		"answered": {
			func(c *desk.Card) { claim(c); c.Waiting, c.Draft = time.Time{}, nil },
			[]string{"Claimed by @U0ANA"},
			[]string{"Waiting since", "Answer due", "Suggested next step"},
		},
		"approved, then moved": {
			func(c *desk.Card) {
				claim(c)
				c.Draft.State, c.Draft.By, c.Moved = escalate.ReplyApproved, "U0ANA", "the customer wrote again"
			},
			[]string{"@U0ANA approved, but it will be held back: since then the customer wrote again."},
			[]string{"goes out", "Cannot be approved", "likely to be right"},
		},
		"draft rejected": {
			func(c *desk.Card) {
				c.Reasons, c.Draft = nil, nil
				c.Last = &desk.CardReply{Purpose: escalate.PurposeAnswer, State: escalate.ReplyWithdrawn, Detail: "rejected:outdated"}
			},
			[]string{"Needs an answer", "The draft was rejected (outdated source)."},
			[]string{"Draft to approve", "rejected:"},
		},
		"draft sent": {
			func(c *desk.Card) { c.Reasons, c.Draft, c.Handoff.State = nil, nil, escalate.HandoffResolved },
			[]string{"Drafted answer"},
			[]string{"Draft to approve"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := sample()
			tt.change(c)
			m := Draw(c)
			seen := shown(t, m.Blocks)
			for _, want := range tt.want {
				if !strings.Contains(seen, want) {
					t.Errorf("the card does not say %q:\n%s", want, seen)
				}
			}
			for _, never := range tt.never {
				if strings.Contains(seen, never) || strings.Contains(m.Text, never) {
					t.Errorf("the card says %q:\n%s\n%s", never, seen, m.Text)
				}
			}
		})
	}
}

// A symbol may stand beside words, never instead of them.
func TestNoMeaningByEmojiAlone(t *testing.T) {
	for name, c := range states() {
		m := Draw(c)
		for _, r := range shown(t, m.Blocks) + m.Text {
			if r >= 0x1F000 || r >= 0x2600 && r < 0x2800 {
				t.Errorf("%s: %U carries meaning", name, r)
			}
		}
	}
	for a, b := range names {
		if strings.TrimFunc(b.words, func(r rune) bool { return r < 'A' || r > 'z' }) == "" || b.does == "" {
			t.Errorf("action %s has no words", a)
		}
	}
}

// What is approved must be what was read, byte for byte.
func TestDraftIsShownExactly(t *testing.T) {
	c := sample()
	c.Draft.Text = "Hi Ina,\n\n\tyour refund: 5 < 6 & *done* _now_ ~x~ `y` :smile: @channel <!here>\nhttps://lumen.example/a?b=c\n"
	if seen := shown(t, Draw(c).Blocks); !strings.Contains(seen, c.Draft.Text) {
		t.Errorf("the card does not show the draft as it is:\n%s", seen)
	}
	row, _ := offered(t, Draw(c))
	if !slices.Contains(row, "Approve & send") {
		t.Errorf("a draft that is shown exactly cannot be approved: %v", row)
	}
	c.Draft.Text = strings.Repeat("x", maxDraft)
	if seen := shown(t, Draw(c).Blocks); !strings.Contains(seen, c.Draft.Text) {
		t.Error("a draft within its budget is not shown whole")
	}
	c.Draft.Text += "y"
	m := Draw(c)
	if seen := shown(t, m.Blocks); !strings.Contains(seen, "goes on for 2 more characters") {
		t.Errorf("a cut draft does not say so:\n%s", seen)
	}
	if !strings.Contains(string(marshal(t, m.Blocks)), "not shown whole?") {
		t.Error("a cut draft is approved without asking once more")
	}
	whole := shown(t, Modal(&desk.Modal{Action: desk.ActDetails, Token: "01TOKEN", Card: c}).Blocks.BlockSet)
	if strings.Count(whole, "x") < maxDraft || !strings.Contains(whole, "xy") {
		t.Error("Details does not show the draft whole")
	}
}

func TestCardWithAForeignTokenHasNoButtons(t *testing.T) {
	for _, tok := range []string{"", "a:b", strings.Repeat("x", 61), "ä", "a b"} {
		c := sample()
		c.Token = tok
		if row, menu := offered(t, Draw(c)); len(row)+len(menu) > 0 {
			t.Errorf("token %q: buttons %v %v", tok, row, menu)
		}
	}
}

func TestMetadataNamesTheHandoff(t *testing.T) {
	got := Draw(sample()).Metadata
	want := slack.SlackMetadata{EventType: "warmline_card", EventPayload: map[string]any{"handoff": "01HANDOFF", "version": int64(7)}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("metadata (-want +got):\n%s", d)
	}
}

func TestEveryActionHasAStableID(t *testing.T) {
	got := slices.Sorted(maps.Keys(names))
	want := []desk.Action{
		"answer_expert", "apply_policy", "approve", "approve_solve", "arrived", "audit_older", "claim", "details", "draft_corrections", "edit", "fold_claim",
		"fold_reply", "fold_show", "fold_undo", "inform", "link", "link_confirm", "link_refuse", "pass_on", "preview",
		"reassess", "reject", "release", "reply", "resolve", "reveal", "review_right", "review_wrong", "send_again", "setup", "should_auto",
		"should_draft", "should_human", "snooze", "undo", "wake", "wrong_answer",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("old cards carry these ids (-want +got):\n%s", d)
	}
}
