package simulate_test

import (
	"testing"

	"warmline/escalate"
	"warmline/simulate"
)

// A policy that promises something draws on the replay for evidence, and what is recommended does not depend on what was
// promised before.
func TestAPolicyThatPromisesIsReplayedWithItsPromise(t *testing.T) {
	r := run(t, simulate.Options{Past: world{answers: 200, rows: 20_000, dated: true}.past()})
	plain := escalate.DefaultPolicy()
	plain.Stage, plain.Thresholds = escalate.StageAuto, escalate.Thresholds{Auto: 0.5, Draft: 0.2}
	promising, err := plain.Clone()
	if err != nil {
		t.Fatal(err)
	}
	sent := func(budget float64) (n int) {
		promising.Budget = budget
		worlds := map[string]escalate.World{}
		for i := range r.Rows {
			row := &r.Rows[i]
			if _, ok := worlds[row.Topic]; !ok {
				worlds[row.Topic] = r.World(promising, row.Topic)
			}
			if row.Decide(promising, worlds[row.Topic]).Way == escalate.WayAuto {
				n++
			}
		}
		return n
	}
	free, loose, strict := sent(0), sent(0.5), sent(0.0001)
	if free == 0 || 10*loose < 9*free || strict != 0 { // a topic that hardly occurs carries nothing
		t.Errorf("answered without a promise: %d; with one that is kept: %d; with one that nothing carries: %d", free, loose, strict)
	}
}
