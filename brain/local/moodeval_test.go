package local

import (
	"testing"

	"warmline/escalate"
)

// TestEvalAnger measures anger by the lexicon and the features alone: nothing was learned from these sets. The floors lie a
// little below what was reached.
func TestEvalAnger(t *testing.T) {
	for _, set := range []struct {
		name string
		f1   float64
	}{
		{"goemotions.test", 0.1}, {"goemotions.dev", 0.1}, {"tweeteval_emotion.dev", 0.1}, {"tweeteval_emotion.history", 0.1},
	} {
		t.Run(set.name, func(t *testing.T) {
			var tp, fp, fn float64
			readEval(t, set.name, func(r evalRow) {
				if r.Gold.Triggers.Anger == nil {
					return
				}
				m := feelLine(lineOf(r.Messages[len(r.Messages)-1].Text))
				got := m.anger().Strength >= escalate.FireStrength
				switch want := *r.Gold.Triggers.Anger; {
				case got && want:
					tp++
				case got:
					fp++
				case want:
					fn++
				}
			})
			f1 := 2 * tp / (2*tp + fp + fn)
			t.Logf("anger %-26s precision %.3f recall %.3f F1 %.3f", set.name, tp/(tp+fp), tp/(tp+fn), f1)
			if f1 < set.f1 {
				t.Errorf("F1 %.3f is below %.3f", f1, set.f1)
			}
		})
	}
}

// lineOf reads a message as a thread of it alone would be.
func lineOf(text string) *line {
	tk := &escalate.Ticket{ID: "t", Content: escalate.Content{Messages: []escalate.Message{{ID: "1", Role: escalate.RoleCustomer, Text: text, Public: true}}}}
	return &readThread(tk).lines[0]
}
