package escalate_test

import (
	"fmt"
	"testing"

	"warmline/escalate"
)

func TestTheReviewShareRisesWhenTrafficIsLow(t *testing.T) {
	for _, c := range []struct {
		answered, asked int
		want            float64
	}{
		{0, 0, 1}, {1, 0, 1}, {20, 12, 1}, {40, 9, 0.5}, {400, 9, 0.05}, {4000, 0, 0.05}, {20, 13, 0.05}, {4000, 200, 0.05},
	} {
		if got := escalate.ReviewShare(c.answered, c.asked); got != c.want {
			t.Errorf("%d answered, %d asked: %v, want %v", c.answered, c.asked, got, c.want)
		}
	}
}

// Whatever the traffic: once a week has passed, the last seven days hold ten reviews or as many as there were answers, and
// busy topics are drawn at 5 %.
func TestEveryWeekHasItsReviews(t *testing.T) {
	const hours, week = 24 * 7 * 20, 24 * 7
	for _, perWeek := range []int{3, 8, 12, 25, 60, 168, 1680} {
		var answers, asks []int // hours
		last := func(at []int, hour int) (n int) {
			for i := len(at) - 1; i >= 0 && at[i] > hour-week; i-- {
				n++
			}
			return n
		}
		short := 0
		for hour := range hours {
			for n := hour * perWeek / week; n < (hour+1)*perWeek/week; n++ {
				answers = append(answers, hour)
				id := fmt.Sprintf("ticket-%d-%d", perWeek, n)
				if escalate.Sampled(id, "review", escalate.ReviewShare(last(answers, hour), last(asks, hour))) {
					asks = append(asks, hour)
				}
			}
			if hour >= week && last(asks, hour) < min(10, last(answers, hour)) {
				short++
			}
		}
		if share := float64(short) / (hours - week); share > 0.02 {
			t.Errorf("%d answers a week: %.0f %% of the time fewer than ten reviews lie in the last seven days", perWeek, 100*share)
		}
		if weekly := float64(len(asks)) / (hours / week); weekly < 0.9*float64(min(10, perWeek)) || weekly > max(20, 0.06*float64(perWeek)) {
			t.Errorf("%d answers a week: %.1f reviews a week", perWeek, weekly)
		}
		t.Logf("%d answers a week: %d reviews in 20 weeks, short %.0f %% of hours", perWeek, len(asks), 100*float64(short)/(hours-week))
	}
}
