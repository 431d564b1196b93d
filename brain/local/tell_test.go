package local

import (
	"testing"

	"warmline/escalate"
)

// sixMessages is a thread as they come in by mail.
func sixMessages() *escalate.Ticket {
	tk := &escalate.Ticket{Content: escalate.Content{Subject: "Sensor offline"}}
	for i, text := range []string{
		"Hello,\n\nmy sensor lost its connection on 3 August 2026. Order number 48211, I use Firefox 128. I have already restarted the hub twice and nothing changed. Can you send a new one?\n\nBest regards\nIna Berg",
		"Hello Ina,\n\nI am sorry about the sensor. Please hold the round button for five seconds until the light blinks blue, then choose Add device in the app.\n\nBest regards\nBen",
		"Hi Ben,\n\nthat did not help, it is still offline. The light blinks red now. What shall I do?\n\nIna\n\nOn Mon, Aug 3, 2026 at 10:00 AM Ben Ott <ben@shop.example> wrote:\n> Please hold the round button",
		"Hello Ina,\n\nthank you. Which version does the app show under Settings?\n\nBest regards\nBen",
		"It shows 4.2.1. By the way, I would also like an invoice for the company.",
		"Thank you. Please remove the sensor in the app and add it again. We send the invoice tomorrow.\n\nBest regards\nBen",
	} {
		role := escalate.RoleCustomer
		if i%2 == 1 {
			role = escalate.RoleAgent
		}
		tk.Content.Messages = append(tk.Content.Messages, escalate.Message{ID: escalate.MessageID(rune('1' + i)), Role: role, Text: text, Public: true})
	}
	return tk
}

func BenchmarkTell(b *testing.B) {
	t := readThread(sixMessages())
	s := newState(nil, nil)
	s.ix = newIndex(nil, (*doc).read)
	f := readFacts(t, nil)
	b.ReportAllocs()
	for b.Loop() {
		for i := range t.lines {
			t.lines[i].read = false
		}
		t.tell(s, &f, "en")
	}
}

func BenchmarkReadThread(b *testing.B) {
	tk := sixMessages()
	b.ReportAllocs()
	for b.Loop() {
		readThread(tk)
	}
}

func BenchmarkReadFacts(b *testing.B) {
	t := readThread(sixMessages())
	b.ReportAllocs()
	for b.Loop() {
		readFacts(t, nil)
	}
}

func TestWordsAreCountedAsPeopleReadThem(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"one two three", 3, "one two three"},
		{"one two, three", 2, "one two…"},
		{"我的包裹没有到", 4, "我的包裹没有到"},
		{"我的包裹没有到", 2, "我的包裹…"},
		{"订单 48211 没有到", 2, "订单 48211…"},
		{"ボタンを押して、待ってください", 3, "ボタンを押し…"},
		{"It fell into the pond, and the light", 7, "It fell into the pond…"},
		{"", 2, ""},
	} {
		if got := cutWords(c.text, c.n); got != c.want {
			t.Errorf("%d words of %q: %q, want %q", c.n, c.text, got, c.want)
		}
	}
	if n := wordsIn("订单 48211 没有到 yet"); n != 5 {
		t.Errorf("%d words, want 5", n)
	}
}

// Some threads begin with us, and some hold nothing that anybody wrote.
func TestThreadsWithoutTheCustomersWordsAreTold(t *testing.T) {
	for want, messages := range map[string][]escalate.Message{
		"": nil,
		"The agent updated the customer: Your parcel left our warehouse.": {{ID: "1", Role: escalate.RoleAgent, Text: "Your parcel left our warehouse.", Public: true}},
		"The customer says: Hm": {{ID: "1", Role: escalate.RoleCustomer, Text: "Hm", Public: true}},
	} {
		th := readThread(&escalate.Ticket{Content: escalate.Content{Messages: messages}})
		f := readFacts(th, nil)
		if got := th.tell(newState(nil, nil), &f, "en").summary; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
