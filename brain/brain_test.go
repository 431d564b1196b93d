package brain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/escalate"
)

func TestATicketIsReadWithItsOutcomeAndUnknownKeysKept(t *testing.T) {
	const line = `{"id":"t1","channel":"email","lang":"de","created_at":"2026-06-01T10:00:00Z","subject":"Lampe","customer":` +
		`{"name":"Ina Berg","email":"ina@kunde.example","tags":["vip"]},"shelf":7,"messages":[{"role":"customer","text":"Hallo","turn":0},` +
		`{"role":"agent","text":"Guten Tag"}],"gold":{"answer_id":"m1","in_scope":true,"triggers":{"high_risk":[]}}}`
	got, err := brain.ReadTickets(strings.NewReader("\xef\xbb\xbf" + line + "\n\n"))
	if err != nil || len(got) != 1 {
		t.Fatalf("ReadTickets = %d tickets, %v", len(got), err)
	}
	p := got[0]
	if p.Gold.AnswerID != "m1" || p.Unanswerable() || p.Reply() != "Guten Tag" || string(p.Extra["shelf"]) != "7" {
		t.Errorf("read %+v", p)
	}
	want := escalate.Message{ID: "0", Role: "customer", Author: "Ina Berg", Email: "ina@kunde.example", Text: "Hallo", Public: true}
	if diff := cmp.Diff(want, p.Content.Messages[0]); diff != "" {
		t.Error(diff)
	}
	if tk := p.Ticket(); tk.Ref.ID != "t1" || tk.Content.Subject != "Lampe" {
		t.Errorf("ticket %+v", tk)
	}
}

func TestABadLineIsReportedWithItsNumberAndTheGoodOnesAreThere(t *testing.T) {
	in := `{"id":"a","title":"A","body":"x"}` + "\n" + `{"id":` + "\n" + `{"title":"no id"}` + "\n" +
		`{"id":"long","body":"` + strings.Repeat("x", brain.MaxLine) + `"}` + "\n" + `{"id":"b","title":"B","body":"y","high_risk":["refund"]}`
	got, err := brain.ReadMacros(strings.NewReader(in))
	var bad brain.BadLines
	if !errors.As(err, &bad) {
		t.Fatalf("error %v is no BadLines", err)
	}
	var lines []int
	for _, b := range bad {
		lines = append(lines, b.Line)
	}
	if diff := cmp.Diff([]int{2, 3, 4}, lines); diff != "" {
		t.Error(diff)
	}
	if len(got) != 2 || got[1].ID != "b" || got[1].HighRisk[0] != "refund" {
		t.Errorf("good lines %+v", got)
	}
	if !strings.Contains(err.Error(), "line 3: no id") {
		t.Errorf("error reads %q", err)
	}
}

func TestAnUnknownRoleIsABadLine(t *testing.T) {
	_, err := brain.ReadTickets(strings.NewReader(`{"id":"t","messages":[{"role":"wizard","text":"x"}]}`))
	if err == nil || !strings.Contains(err.Error(), "wizard") {
		t.Errorf("error %v", err)
	}
}

func TestAReadersOwnErrorIsNoBadLine(t *testing.T) {
	broken := errors.New("disk on fire")
	_, err := brain.ReadArticles(failing{broken})
	var bad brain.BadLines
	if !errors.Is(err, broken) || errors.As(err, &bad) {
		t.Errorf("error %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzReadTickets(f *testing.F) {
	f.Add(`{"id":"t","messages":[{"role":"customer","text":"x","turn":1}],"gold":{"in_scope":false}}`)
	f.Add("{}\n[]\nnull\n{\"id\":\"\xff\"}")
	f.Fuzz(func(t *testing.T, in string) {
		got, _ := brain.ReadTickets(strings.NewReader(in))
		for _, p := range got {
			if p.ID == "" {
				t.Fatal("a ticket without an id was read")
			}
		}
	})
}
