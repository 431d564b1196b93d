package simulate_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/brain"
	"warmline/escalate"
	"warmline/simulate"
)

func TestNoBrainIsAskedWhatItLearnedFrom(t *testing.T) {
	for name, dated := range map[string]bool{"by time": true, "by question": false} {
		t.Run(name, func(t *testing.T) {
			past := world{answers: 12, rows: 600, dated: dated}.past()
			if !dated {
				slices.SortStableFunc(past, func(a, b brain.Past) int { return strings.Compare(a.Gold.AnswerID, b.Gold.AnswerID) })
			}
			var seen watcher
			r := run(t, simulate.Options{Past: past, Build: buildCounter(func(k *brain.Knowledge, tk *escalate.Ticket) {
				known := slices.ContainsFunc(k.Past, func(p brain.Past) bool { return p.ID == string(tk.ID) })
				seen.check(known, "%s was asked of a brain that learned from it", tk.ID)
			})})
			seen.report(t)
			if want := map[bool]string{true: simulate.ByTime, false: simulate.ByQuestion}[dated]; r.Split.By != want {
				t.Errorf("parted by %s, want %s (%s)", r.Split.By, want, r.Split.Why)
			}
		})
	}
}

func TestWhatComesLaterIsNotKnownEarlier(t *testing.T) {
	past := world{answers: 8, rows: 500, dated: true}.past()
	slices.Reverse(past) // the file's order is no matter where tickets have a date
	at := map[string]time.Time{}
	for i := range past {
		at[past[i].ID] = past[i].Created
	}
	var seen watcher
	since := began.Add(300 * time.Hour)
	r := run(t, simulate.Options{Past: past, Since: since, Build: buildCounter(func(k *brain.Knowledge, tk *escalate.Ticket) {
		later := slices.ContainsFunc(k.Past, func(p brain.Past) bool { return !p.Created.Before(at[string(tk.ID)]) })
		seen.check(later, "the brain that was asked %s knew what came after it", tk.ID)
		seen.check(at[string(tk.ID)].Before(since), "%s is older than the day asked for", tk.ID)
	})})
	seen.report(t)
	if r.Split.Asked != 200 || !r.Split.From.Equal(since) {
		t.Errorf("%d tickets from %s on were asked", r.Split.Asked, r.Split.From)
	}
}

func TestTheHumansReplyIsNotShownToTheBrain(t *testing.T) {
	past := world{answers: 6, rows: 200, dated: true}.past()
	var seen watcher
	run(t, simulate.Options{Past: past, Build: buildCounter(func(_ *brain.Knowledge, tk *escalate.Ticket) {
		told := slices.ContainsFunc(tk.Content.Messages, func(m escalate.Message) bool { return m.Role == escalate.RoleAgent })
		seen.check(told, "%s was shown with the person's answer", tk.ID)
	})})
	seen.report(t)
}

func TestALeftOutAnswerIsLeftOutEverywhere(t *testing.T) {
	past := world{answers: 10, rows: 500}.past()
	var macros []brain.Macro
	for i := range 10 {
		id := "answer-0" + string(rune('0'+i))
		macros = append(macros, brain.Macro{ID: id, Title: "About " + id}, brain.Macro{ID: id + "-de", Title: "Über " + id})
	}
	articles := []brain.Article{{ID: "page", Title: "A page"}}
	truth := map[string]string{}
	for i := range past {
		truth[past[i].ID] = past[i].Gold.AnswerID
	}
	var seen watcher
	r := run(t, simulate.Options{
		Past: past, Macros: macros, Articles: articles,
		Build: buildCounter(func(k *brain.Knowledge, tk *escalate.Ticket) {
			answer := truth[string(tk.ID)]
			rows := slices.ContainsFunc(k.Past, func(p brain.Past) bool { return p.Gold.AnswerID == answer })
			macro := slices.ContainsFunc(k.Macros, func(m brain.Macro) bool { return m.ID == answer })
			german := slices.ContainsFunc(k.Macros, func(m brain.Macro) bool { return m.ID == answer+"-de" })
			seen.check(rows != macro || macro != german, "%s: of its answer the brain had tickets %v, a macro %v, a translation %v", tk.ID, rows, macro, german)
		}),
	})
	seen.report(t)
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Left == row.Known || row.Right && !row.Known {
			t.Fatalf("row %+v", row)
		}
	}
}

func TestNearDuplicatesStayOnOneSide(t *testing.T) {
	past := world{answers: 8, rows: 300, dated: true}.past()
	text := "where is my parcel number %s it should have been here on monday and nobody tells me anything"
	for i := range 20 {
		p := solved("twin"+string(rune('a'+i)), strings.ReplaceAll(text, "%s", strings.Repeat("7", i+1)), "answer-01")
		p.Created = began.Add(time.Duration(14*i) * time.Hour)
		past = append(past, p)
	}
	past = append(past, solved("900-de", "wo bleibt die rechnung", "answer-02"), solved("900-fr", "je cherche ma facture", "answer-02"))
	past[len(past)-2].Created, past[len(past)-1].Created = began, began.Add(299*time.Hour)
	var seen watcher
	r := run(t, simulate.Options{Past: past, Build: buildCounter(func(k *brain.Knowledge, tk *escalate.Ticket) {
		id := string(tk.ID)
		twin := slices.ContainsFunc(k.Past, func(p brain.Past) bool {
			return strings.HasPrefix(id, "twin") && strings.HasPrefix(p.ID, "twin") || strings.HasPrefix(id, "900") && strings.HasPrefix(p.ID, "900")
		})
		seen.check(twin, "%s was asked of a brain that had learned from its twin", id)
	})})
	seen.report(t)
	if r.Split.Twins < 20 {
		t.Errorf("%d near-duplicates were found, want at least 20", r.Split.Twins)
	}
}

func TestTheShareOfNewQuestionsSaysWhereItComesFrom(t *testing.T) {
	no := false
	plain := world{answers: 10, rows: 400}.past()
	slices.SortStableFunc(plain, func(a, b brain.Past) int { return strings.Compare(a.Gold.AnswerID, b.Gold.AnswerID) })
	labelled := append(world{answers: 10, rows: 300, dated: true}.past(), brain.Past{}, brain.Past{})
	for i := range 2 {
		p := solved("n"+string(rune('0'+i)), "something that nobody knows number "+string(rune('a'+i)), "")
		p.Gold.InScope, p.Created = &no, began
		labelled[300+i] = p
	}
	growing := world{answers: 10, rows: 400, dated: true}.past()
	for i := range 40 {
		growing[360+i].Gold.AnswerID = "novel"
	}
	for _, c := range []struct {
		name               string
		o                  simulate.Options
		from               string
		expected, promised float64
	}{
		{"given", simulate.Options{Past: labelled, Unknown: 0.4}, simulate.FromGiven, 0.4, 0.4},
		{"labels", simulate.Options{Past: labelled}, simulate.FromLabels, 0.05, 0.2},
		{"new answers", simulate.Options{Past: growing}, simulate.FromNew, 0.5, 0.5965},
		{"no new answers", simulate.Options{Past: world{answers: 10, rows: 400, dated: true}.past()}, simulate.FromNew, 0.05, 0.2},
		{"nothing", simulate.Options{Past: plain}, simulate.FromAssumed, 0.3, 0.4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := run(t, c.o).Share
			if s.From != c.from || math.Abs(s.Expected-c.expected) > 1e-9 || math.Abs(s.Promised-c.promised) > 1e-3 || s.Why == "" {
				t.Errorf("share %+v", s)
			}
		})
	}
}

// Where tickets are counted, each counts at most once, and as many of them are new as are expected.
func TestShownTicketsHaveTheExpectedShareOfNewQuestions(t *testing.T) {
	for _, c := range []struct {
		rows  int
		share float64
	}{{1000, 0.1}, {1000, 0.3}, {1000, 0.5}, {21_000, 0.05}, {21_000, 0.2}} {
		r := run(t, simulate.Options{Past: world{answers: 20, rows: c.rows, dated: true}.past(), Unknown: c.share})
		shown, unknown, seen := 0, 0, map[string]bool{}
		for i := range r.Rows {
			if row := &r.Rows[i]; row.Shown {
				if seen[row.ID] {
					t.Fatalf("%s counts twice", row.ID)
				}
				seen[row.ID] = true
				shown++
				if !row.Known {
					unknown++
				}
			}
		}
		got := float64(unknown) / float64(shown)
		if 2*shown < r.Split.Asked || math.Abs(got-c.share) > 0.01 {
			t.Errorf("%+v: %d of %d shown tickets are new, %d were asked", c, unknown, shown, r.Split.Asked)
		}
	}
}

func TestWithoutKnownAnswersNothingIsMeasured(t *testing.T) {
	past := world{answers: 5, rows: 50}.past()
	for i := range past {
		past[i].Gold = brain.Gold{}
	}
	_, err := simulate.Run(t.Context(), simulate.Options{Past: past, Build: buildCounter(nil)})
	if !errors.Is(err, simulate.ErrNoAnswers) {
		t.Errorf("got %v", err)
	}
	if _, err := simulate.Run(t.Context(), simulate.Options{Past: past, Budget: 2}); err == nil {
		t.Error("a budget of 200 % was taken")
	}
	past = world{answers: 5, rows: 50}.past()
	for name, o := range map[string]simulate.Options{
		"a day in a history without days": {Past: past, Since: began}, "nine tickets": {Past: past[:9]},
		"a day before the first": {Past: world{answers: 5, rows: 50, dated: true}.past(), Since: began.Add(-time.Hour)},
	} {
		o.Build = buildCounter(nil)
		var unfit *simulate.UnfitError
		if _, err := simulate.Run(t.Context(), o); !errors.As(err, &unfit) || unfit.Why == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTicketsWithoutAQuestionOrAnOutcomeAreNotJudged(t *testing.T) {
	past := world{answers: 6, rows: 300, dated: true}.past()
	outgoing := solved("outgoing", "", "answer-01")
	outgoing.Content.Messages = outgoing.Content.Messages[1:]
	outgoing.Created = began
	past = append(past, outgoing)
	for i := 290; i < 300; i++ {
		past[i].Gold = brain.Gold{}
	}
	r := run(t, simulate.Options{Past: past})
	if r.Split.Silent != 1 || r.Split.Asked != 180 || r.Split.Judged != 170 {
		t.Errorf("split %+v", r.Split)
	}
	for i := range r.Rows {
		if row := &r.Rows[i]; !row.Judged && (row.Right || row.Truth != "") {
			t.Errorf("a ticket without an outcome was judged: %+v", row)
		}
	}
}

// A brain that fails costs its own ticket, as it does live.
func TestAFailingBrainSendsItsTicketToAHuman(t *testing.T) {
	past := world{answers: 6, rows: 200, dated: true}.past()
	r := run(t, simulate.Options{Past: past, Build: func(context.Context, brain.Knowledge) (simulate.Brain, error) { return broken{}, nil }})
	rep, err := r.Report(simulate.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Now.Escalate != rep.Now.Tickets || len(rep.Triggers) != 1 || rep.Triggers[0].Kind != escalate.AIError {
		t.Errorf("ways %+v, triggers %+v", rep.Now, rep.Triggers)
	}
	// Where nothing can be promised the reports say so, and still are reports.
	var page, text, picture bytes.Buffer
	if err := errors.Join(rep.WriteHTML(&page), rep.WriteText(&text), rep.WritePNG(&picture)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "answer nothing by itself yet") || !strings.Contains(page.String(), "answer nothing by itself yet") {
		t.Errorf("says\n%s", text.String())
	}
}

type broken struct{}

func (broken) Assess(context.Context, time.Time, *escalate.Ticket) (escalate.Assessment, error) {
	return escalate.Assessment{}, errors.New("it broke")
}

func TestASimulationEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stages := 0
	_, err := simulate.Run(ctx, simulate.Options{
		Past: world{answers: 20, rows: 3000}.past(), Build: buildCounter(nil),
		Progress: func(done, total int, stage string) {
			if stages++; done > total || stage == "" {
				t.Errorf("progress %d of %d, %q", done, total, stage)
			}
			stop()
		},
	})
	if !errors.Is(err, context.Canceled) || stages == 0 {
		t.Errorf("got %v after %d reports", err, stages)
	}
}
