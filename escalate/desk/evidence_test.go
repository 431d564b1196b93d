package desk

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

func TestParseBudget(t *testing.T) {
	for typed, want := range map[string]float64{
		"2%": 0.02, "0.02": 0.02, "0.5%": 0.005, "cautious": 0.01, "Balanced": 0.02, "FAST": 0.05, "off": 0, "0.1%": 0.001,
		"0%": -1, "0": -1, "2": -1, "100%": -1, "-1%": -1, "NaN": -1, "some": -1, "": -1, "%": -1,
	} {
		got, err := parseBudget(typed)
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%q: %v, %v; want %v", typed, got, err, want)
		}
	}
}

// Who only looks needs no more than an agent; what changes something needs a lead whose groups were read after it was typed.
func TestWhatACommandNeeds(t *testing.T) {
	for typed, want := range map[string]Role{
		"promise": RoleAgent, "promise 2%": RoleLead, "ladder": RoleAgent, "ladder delivery": RoleAgent, "ladder gift cards up": RoleLead,
		"ladder delivery DOWN": RoleLead, "history": RoleAgent, "history 7": RoleAgent, "history 7 back": RoleLead, "topics": RoleAgent,
		"exclude list": RoleAgent, "exclude add tag x": RoleLead, "resume": RoleLead, "wrong": RoleAgent, "help all": RoleNone, "threshold": RoleAgent,
	} {
		role, confirm := parseCommand(typed).needs()
		if role != want || confirm != (want == RoleLead || typed == "wrong") {
			t.Errorf("%q needs %s, confirmed %v; want %s", typed, role, confirm, want)
		}
	}
}

func TestEvidenceIsSaidInWords(t *testing.T) {
	outcomes := func(right, wrong int) []escalate.Outcome {
		out := make([]escalate.Outcome, right+wrong)
		for i := range out {
			out[i] = escalate.Outcome{Confidence: 0.9, Right: i < right}
		}
		return out
	}
	for _, c := range []struct {
		live, past []escalate.Outcome
		want       string
	}{
		{nil, nil, "0 of 149 clean approvals until auto"},
		{outcomes(61, 0), nil, "61 of 149 clean approvals until auto"},
		{outcomes(61, 1), nil, "0 of 149 clean approvals until auto; 1 of 62 was wrong (by what people said)"},
		{outcomes(149, 0), nil, "2 % is kept from 90 %: 0 of 149 were wrong, so at most 2 % (by what people said)"},
		{nil, outcomes(400, 1), "2 % is kept from 90 %: 1 of 401 was wrong, so at most 1.2 % (by the back-test)"},
		{outcomes(10, 0), outcomes(200, 20), "0 of 149 clean approvals until auto; 20 of 230 were wrong (by the back-test and what people said)"},
		{outcomes(200, 0), less(outcomes(0, 150), 0.8), "no threshold keeps 2 % yet; 150 of 350 were wrong (by the back-test and what people said), counting answers that are 80 % sure"},
	} {
		b := escalate.Back(c.live, c.past, 0.02, 0.8)
		if got := backedWords(&b); !strings.Contains(got, c.want) {
			t.Errorf("%d live, %d past: %q, want %q", len(c.live), len(c.past), got, c.want)
		}
	}
}

func less(out []escalate.Outcome, confidence float64) []escalate.Outcome {
	for i := range out {
		out[i].Confidence = confidence
	}
	return out
}

// The memory of proofs must never answer with yesterday's evidence.
func TestProofsFollowTheEvidence(t *testing.T) {
	var p proofs
	past, other := make([]escalate.Outcome, 400), make([]escalate.Outcome, 400)
	key := proofKey{"delivery", 0.02, 0.95}
	known := proof{mark: JudgementMark{Count: 3, Right: 2, Wrong: 1, Newest: noon}, past: past, backed: escalate.Backed{Seen: 7}}
	p.keep(key, known)
	for name, c := range map[string]struct {
		key  proofKey
		seen proof
		ok   bool
	}{
		"the same":          {key, proof{mark: known.mark, past: past}, true},
		"another topic":     {proofKey{"returns", 0.02, 0.95}, known, false},
		"another budget":    {proofKey{"delivery", 0.01, 0.95}, known, false},
		"another threshold": {proofKey{"delivery", 0.02, 0.9}, known, false},
		"one more":          {key, proof{mark: JudgementMark{Count: 4, Right: 3, Wrong: 1, Newest: noon.Add(time.Second)}, past: past}, false},
		"one turned":        {key, proof{mark: JudgementMark{Count: 3, Right: 1, Wrong: 2, Newest: noon}, past: past}, false},
		"a new back-test":   {key, proof{mark: known.mark, past: other}, false},
		"a back-test less":  {key, proof{mark: known.mark, past: past[:399]}, false},
		"no back-test":      {key, proof{mark: known.mark}, false},
	} {
		got, ok := p.recall(c.key, c.seen)
		if ok != c.ok || ok && got.Seen != 7 {
			t.Errorf("%s: recalled %v, %+v", name, ok, got)
		}
	}
	for i := range 2 * proofsKept {
		p.keep(proofKey{topic: strconv.Itoa(i)}, proof{})
	}
	if len(p.last) > proofsKept {
		t.Errorf("%d proofs are remembered", len(p.last))
	}
}
