package card

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestModals(t *testing.T) {
	for name, m := range map[string]*desk.Modal{
		"edit":         {Action: desk.ActSubmitEdit, Token: "01TOKEN", Card: sample(), Text: sample().Draft.Text},
		"edit_warned":  {Action: desk.ActSubmitEdit, Token: "01TOKEN", Card: sample(), Text: "Hi", Warn: "Ina wrote again"},
		"put_right":    {Action: desk.ActSubmitCorrect, Token: "01TOKEN", Head: "It went to #17.", Text: "Hello,\n\n\n\nYours"},
		"link":         {Action: desk.ActSubmitLink, Token: "01TOKEN", Text: "ana@lumen.example"},
		"pass_on":      {Action: desk.ActSubmitPass, Token: "01TOKEN", Card: sample()},
		"preview":      {Action: desk.ActSubmitPreview, Token: "01TOKEN", Card: sample(), Text: "We sent it to DE89 3704 0044 0532 0130 00."},
		"escalate":     {Action: desk.ActSubmitEscalate, Token: "01TOKEN", Head: "A ticket is made of this.", Text: "Kim called."},
		"fold_reply":   {Action: desk.ActSubmitFold, Token: "01TOKEN", Head: "To #17 and #18."},
		"snooze":       {Action: desk.ActSubmitSnooze, Token: "01TOKEN", Card: sample()},
		"informed":     {Action: desk.ActSubmitInform, Token: "01TOKEN", Card: sample()},
		"informed_set": {Action: desk.ActSubmitInform, Token: "01TOKEN", Card: states()["kept_informed"]},
		"informed_off": {Action: desk.ActSubmitInform, Token: "01TOKEN", Card: states()["updates_off"]},
		"expert":       {Action: desk.ActSubmitAnswer, Token: "01TOKEN", Head: "Does the seal fit the old valve?"},
		"reject":       {Action: desk.ActSubmitReject, Token: "01TOKEN", Card: sample()},
		"reply":        {Action: desk.ActSubmitReply, Token: "01TOKEN", Card: sample()},
		"details":      {Action: desk.ActDetails, Token: "01TOKEN", Card: sample()},
		"reply_files":  {Action: desk.ActSubmitReply, Token: "01TOKEN", Card: sample(), MaxFiles: 10, MaxUpload: 8 << 20},
		"edit_files": {
			Action: desk.ActSubmitEdit, Token: "01TOKEN", Card: sample(), Text: "Hi", MaxFiles: 20, MaxUpload: 8 << 20,
			Kept: []desk.FileLine{{Ref: "F1", Name: "label <!here>.pdf", Type: "application/pdf", Size: 82_000}, {Ref: "F2", Name: "4111 1111 1111 1111.png"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := Modal(m)
			soundView(t, v)
			golden(t, "modal_"+name, v)
			if v.PrivateMetadata != "01TOKEN|" || v.CallbackID != string(m.Action) {
				t.Errorf("submission would say action %q, token %q", v.CallbackID, v.PrivateMetadata)
			}
		})
	}
}

// typed is what Slack sends when a modal is submitted as it was opened.
func typed(v slack.ModalViewRequest) map[string]map[string]string {
	values := map[string]map[string]string{}
	for _, b := range v.Blocks.BlockSet {
		input, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		switch e := input.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			values[input.BlockID] = map[string]string{e.ActionID: e.InitialValue}
		case *slack.RadioButtonsBlockElement:
			if e.InitialOption != nil {
				values[input.BlockID] = map[string]string{e.ActionID: e.InitialOption.Value}
			}
		}
	}
	return values
}

// A draft of any length comes back from the Edit modal as it went in.
func TestEditedTextComesBackWhole(t *testing.T) {
	for name, text := range map[string]string{
		"short":      "Hi Ina.\n\nBest, Lumen",
		"lines":      strings.Repeat("A line of a long answer.\n\n\n", 400) + "end",
		"one line":   strings.Repeat("word ", 2000) + "end",
		"blank gulf": strings.Repeat("x", 2500) + strings.Repeat("\n", 6000) + "end",
		"asian":      strings.Repeat("返金は本日完了しました。\n", 700) + "以上",
	} {
		t.Run(name, func(t *testing.T) {
			v := Modal(&desk.Modal{Action: desk.ActSubmitEdit, Token: "01TOKEN", Card: sample(), Text: text})
			soundView(t, v)
			if _, got := Submitted(v.PrivateMetadata, typed(v)); got[FieldText] != text {
				t.Errorf("got %d bytes back, want %d", len(got[FieldText]), len(text))
			}
		})
	}
}

func TestTextTooLongForAModalSaysSo(t *testing.T) {
	v := Modal(&desk.Modal{Action: desk.ActSubmitEdit, Token: "01TOKEN", Card: sample(), Text: strings.Repeat("x", 40000)})
	soundView(t, v)
	if got := shown(t, v.Blocks.BlockSet); !strings.Contains(got, "too long to edit in Slack") {
		t.Errorf("the modal shows:\n%s", got)
	}
}

func TestSubmittedReadsReasonAndMode(t *testing.T) {
	tok, got := Submitted("01TOKEN|m7", map[string]map[string]string{
		"reason": {"reason": ReasonTone}, "mode": {"mode": ModeNote}, "text": {"text": "a"},
		"text.2": {"after2": "b"}, "text.3": {"after0": "c"}, "text.4": {"after9999999": "d"},
	})
	want := map[string]string{"newest": "m7", "reason": "tone", "mode": "note", "text": "a\n\nbc\nd"}
	if d := cmp.Diff(want, got); d != "" || tok != "01TOKEN" {
		t.Errorf("token %q, fields (-want +got):\n%s", tok, d)
	}
}

func TestDetailsShowEverything(t *testing.T) {
	seen := shown(t, Modal(&desk.Modal{Action: desk.ActDetails, Token: "01TOKEN", Card: sample()}).Blocks.BlockSet)
	for _, want := range []string{
		"High-risk topic: refund “I want my money back”", "Customer is upset “this is ridiculous”", "87 % likely",
		"Speaks for it: 37 of the last 40", "Speaks against it: an amount", "Ina cancelled order 88", "Refund sent · macro · matched 91 %",
		"Your refund went out today.", "Refund missing · ticket · matched 60 %", sample().Draft.Text,
	} {
		if !strings.Contains(seen, want) {
			t.Errorf("Details do not show %q:\n%s", want, seen)
		}
	}
}

func TestAnswers(t *testing.T) {
	for name, a := range map[string]*desk.Answer{
		"plain": {Text: "Ana has it already."},
		"lines": {Text: "Two tickets wait.", Lines: []desk.Line{
			{Head: "#4711", Text: "Where is my refund?", URL: trustedURL},
			{Head: "Try", Text: "/escalate why 4711", Code: true},
			{Text: "<!channel> see https://evil.example"},
		}},
		"kept":  {Text: "The ticket moved on. Nothing was sent.", Keep: "Hi Ina,\nit is on its way. https://lumen.example"},
		"empty": {},
		"asks":  {Text: "This lets the machine do more.", Actions: []desk.Action{desk.ActApply}, Token: "01TOKEN"},
	} {
		t.Run(name, func(t *testing.T) {
			ms := Answer(a)
			for _, m := range ms {
				sound(t, m)
			}
			golden(t, "answer_"+name, ms)
		})
	}
}

// What a person typed is never lost, however long.
func TestAnswerKeepsWhatWasTyped(t *testing.T) {
	keep := strings.Repeat("A line that someone typed.\n", 1000)
	a := &desk.Answer{Text: "The ticket moved on.", Keep: keep}
	for i := range 200 {
		a.Lines = append(a.Lines, desk.Line{Head: strconv.Itoa(i), Text: strings.Repeat("z", 500)})
	}
	var all strings.Builder
	ms := Answer(a)
	for _, m := range ms {
		sound(t, m)
		for _, b := range m.Blocks {
			for _, e := range b.(*slack.RichTextBlock).Elements {
				if p, ok := e.(*slack.RichTextPreformatted); ok {
					all.WriteString(p.Elements[0].(*slack.RichTextSectionTextElement).Text)
				}
			}
		}
	}
	if all.String() != keep {
		t.Errorf("got %d bytes of what was typed, want %d", all.Len(), len(keep))
	}
	if len(ms) > maxPages {
		t.Errorf("the answer takes %d messages, a response URL lives for %d", len(ms), maxPages)
	}
	if first := shown(t, append(ms[0].Blocks, ms[1].Blocks...)); !strings.Contains(first, "more lines are not shown") {
		t.Error("lines were left out silently")
	}
}

func TestAnswerWithAForeignTokenHasNoButtons(t *testing.T) {
	for _, tok := range []string{"", "a b", strings.Repeat("x", 61)} {
		ms := Answer(&desk.Answer{Text: "Apply?", Actions: []desk.Action{desk.ActApply}, Token: tok})
		if buttons, _ := offered(t, ms[len(ms)-1]); len(buttons) != 0 {
			t.Errorf("token %q: buttons %q", tok, buttons)
		}
	}
}

// However long what is told to a channel may be, it is one message, and its buttons are there.
func TestNotice(t *testing.T) {
	for name, lines := range map[string]int{"short": 1, "long": 60} {
		a := &desk.Answer{Text: "Was this right? <@U0EVE>", Actions: []desk.Action{desk.ActRight, desk.ActWrong}, Token: "01TOKEN"}
		for range lines {
			a.Lines = append(a.Lines, desk.Line{Head: "Sent", Text: strings.Repeat("z ", 250)})
		}
		m := Notice("review-r1", a)
		sound(t, m)
		if buttons, _ := offered(t, m); !slices.Equal(buttons, []string{"Right", "Wrong"}) {
			t.Errorf("%s: buttons %q", name, buttons)
		}
		if more := strings.Contains(shown(t, m.Blocks), "There is more that does not fit"); more != (name == "long") {
			t.Errorf("%s: says that there is more: %v", name, more)
		}
		want := slack.SlackMetadata{EventType: "warmline_notice", EventPayload: map[string]any{"key": "review-r1"}}
		if d := cmp.Diff(want, m.Metadata); d != "" {
			t.Errorf("%s: metadata (-want +got):\n%s", name, d)
		}
	}
}

func TestThread(t *testing.T) {
	for name, p := range map[string]desk.ThreadPost{
		"customer": {Key: "m1", Head: "Ina Berg, customer", Text: "Where is it? <@U0EVE> www.evil.example", At: noon, Mention: "U0ANA"},
		"note":     {Key: "m2", Head: "Otto", Text: "Called the bank.", Note: true, At: noon},
		"edited":   {Key: "m1@9", Head: "Ina Berg · customer", Text: "Where is it now?", At: noon, Wrote: noon.Add(-time.Hour), Mention: "U0ANA"},
		"missed":   {Key: "m5", Head: "A stated time has passed", Text: "Nobody has written.", Note: true, At: noon, Mention: "U0ANA", Leads: []escalate.PersonID{"U0LEA", "U0ANA", "<!here>"}},
		"deadline": {Key: "m6", Head: "Deadline", Text: "The first answer is overdue. It is yours.", Note: true, Broadcast: true, At: noon, Mention: "U0ANA", Leads: []escalate.PersonID{"U0LEA"}},
		"empty":    {Key: "m3"},
		"files": {Key: "m5", Head: "Ina Berg · customer", At: noon, URL: trustedURL, Files: []desk.FileLine{
			{Name: "hub.png", Type: "image/png", Size: 1_230_000, Here: true}, {Name: "bill <!here>.pdf", Type: "application/pdf", Size: 82_000},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ms := Thread(p)
			for _, m := range ms {
				sound(t, m)
			}
			golden(t, "thread_"+name, ms)
		})
	}
	text := strings.Repeat("One long line of an angry mail.\n", 1000)
	var got strings.Builder
	keys := map[any]bool{}
	for _, m := range Thread(desk.ThreadPost{Key: "m4", Head: "Ina", Text: text}) {
		sound(t, m)
		got.WriteString(shown(t, m.Blocks))
		keys[m.Metadata.EventPayload["key"]] = true
	}
	if n := strings.Count(got.String(), "One long line"); n != 1000 || !keys["m4"] || !keys["m4/2"] || !strings.Contains(got.String(), "Part 1 of 4.") {
		t.Errorf("a long message shows %d of 1000 lines in posts %v", n, keys)
	}
}

// A date must be a date for Slack too: the pieces that a golden file would not show.
func TestDatesAreSlackDates(t *testing.T) {
	raw, err := json.Marshal(row{}.at(noon, onDay)[0])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"date","timestamp":1795176000,"format":"{date_short_pretty} at {time}","fallback":"20 Nov 12:00 UTC"}`
	if string(raw) != want {
		t.Errorf("got %s, want %s", raw, want)
	}
}

func TestAModalBringsBackWhatWasSeen(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC)
	v := Modal(&desk.Modal{Action: desk.ActSubmitReply, Token: "01TOKEN", Card: sample(), Newest: "m|7", Edited: at})
	tok, got := Submitted(v.PrivateMetadata, nil)
	want := map[string]string{"newest": "m|7", "edited": strconv.FormatInt(at.UnixMicro(), 10)}
	if d := cmp.Diff(want, got); d != "" || tok != "01TOKEN" {
		t.Errorf("token %q, fields (-want +got):\n%s", tok, d)
	}
}
