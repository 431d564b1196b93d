package desk

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"warmline/escalate"
)

// leastHeldOut is how many waits each side of the hold-out needs until a difference says anything.
const leastHeldOut = 30

// showEffect says what updates did, by comparison with those that were held out.
func (a *act) showEffect(ctx context.Context) error {
	told, held, err := a.tx.TrialResults(ctx, a.tx.Now().Add(-waitsKept))
	if err != nil {
		return err
	}
	share := a.policy.KeepWarm.HoldOut
	if share == 0 && held.Waits == 0 {
		return a.say(ctx, "Nothing is held out, so nobody can tell what updates do. keep_warm.hold_out: 0.2 in the policy keeps them from one ticket in "+
			"five; acknowledgements and stated times go out all the same.")
	}
	head := "What updates do"
	text := fmt.Sprintf("%s of tickets are held out; of waits in the last %d days an update was due to %d that got one and %d that did not",
		percent(share), int(waitsKept.Hours()/24), told.Waits, held.Waits)
	lines := []Line{{Head: head, Text: text}}
	if least := min(told.Waits, held.Waits); least < leastHeldOut {
		lines = append(lines, Line{Head: "Too few", Text: fmt.Sprintf("It takes at least %d on either side to say anything; one has %d.", leastHeldOut, least)})
		return a.answer(ctx, Answer{Text: head + ": " + text, Lines: lines})
	}
	lines = append(lines,
		Line{Head: "Wrote again while they waited", Text: effectWords(told.Asked, told.Waits, held.Asked, held.Waits)},
		Line{Head: "Came back after it was solved", Text: effectWords(told.Reopened, told.Waits, held.Reopened, held.Waits)},
		Line{Text: "What customers think of it is not asked, so it is not counted."},
	)
	return a.answer(ctx, Answer{Text: head + ": " + text, Lines: lines})
}

// effectWords compares what came of those with updates and of those without.
func effectWords(k, n, l, m int) string {
	d, low, high := escalate.Difference(k, n, l, m)
	verdict := "that may be chance"
	switch {
	case high < 0:
		verdict = "fewer with updates"
	case low > 0:
		verdict = "more with updates"
	}
	return fmt.Sprintf("%d of %d with updates (%s), %d of %d without (%s): a difference of %s points, 95 %% sure between %s and %s; %s",
		k, n, percent(float64(k)/float64(n)), l, m, percent(float64(l)/float64(m)), points(d), points(low), points(high), verdict)
}

// points writes a difference of shares in points: "-12.5".
func points(d float64) string { return strconv.FormatFloat(math.Round(d*1000)/10, 'f', -1, 64) }
