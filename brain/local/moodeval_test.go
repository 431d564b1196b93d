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
		{"goemotions.test", 0.45}, {"goemotions.dev", 0.47}, {"tweeteval_emotion.dev", 0.68}, {"tweeteval_emotion.history", 0.58},
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

// Orders to a machine, questions about a bank and tickets about software are hardly ever angry: what fires there is mostly
// wrong. Complaints in tweets are another matter, and so are requests that a template has sworn in.
func TestEvalCalmCustomersAreNotAngry(t *testing.T) {
	for _, set := range []struct {
		name string
		most float64 // share of messages that may fire
	}{
		{"clinc150.test", 0.004},
		{"banking77.test", 0.012},
		{"hwu64.test", 0.012},
		{"tobi_tickets.all", 0.015},
		{"uss_jddc.dev", 0.008},
		{"uss_sgd.all", 0.004},
		{"multidogo_airline.test", 0.002},
		{"tweetsumm.dev", 0.15},
	} {
		t.Run(set.name, func(t *testing.T) {
			n, fired := 0, 0
			readEval(t, set.name, func(r evalRow) {
				for _, m := range r.Messages {
					if m.Role != "customer" || m.Text == "" {
						continue
					}
					n++
					f := feelLine(lineOf(m.Text))
					if f.anger().Strength >= escalate.FireStrength {
						if fired++; testing.Verbose() && fired <= 8 {
							t.Logf("%.2f %.140q", f.anger().Strength, m.Text)
						}
					}
				}
			})
			share := float64(fired) / float64(n)
			t.Logf("%s: anger fires in %d of %d messages, %.2f %%", set.name, fired, n, 100*share)
			if share > set.most {
				t.Errorf("more than %.2f %%", 100*set.most)
			}
		})
	}
}

// lineOf reads a message as a thread of it alone would be.
func lineOf(text string) *line {
	tk := &escalate.Ticket{ID: "t", Content: escalate.Content{Messages: []escalate.Message{{ID: "1", Role: escalate.RoleCustomer, Text: text, Public: true}}}}
	return &readThread(tk).lines[0]
}
