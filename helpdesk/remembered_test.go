package helpdesk_test

import (
	"errors"
	"testing"
	"time"

	"warmline/helpdesk"
)

func TestAListIsReadAnewWhenItIsTooOld(t *testing.T) {
	var list helpdesk.Remembered[int]
	noon, reads := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), 0
	read := func() (int, error) { reads++; return reads, nil }
	for _, c := range []struct {
		name string
		at   time.Duration
		most time.Duration
		want int
	}{
		{"first", 0, time.Minute, 1},
		{"fresh", 59 * time.Second, time.Minute, 1},
		{"too old", time.Minute, time.Minute, 2},
		{"by a clock that was set back", 0, time.Minute, 3},
		{"wanted as it is", time.Second, 0, 4},
	} {
		if got, err := list.Get(noon.Add(c.at), c.most, read); got != c.want || err != nil {
			t.Errorf("%s: got %d, %v; want %d", c.name, got, err, c.want)
		}
	}
	list.Forget()
	if _, err := list.Get(noon, time.Hour, func() (int, error) { return 0, errors.New("lost") }); err == nil {
		t.Error("after it was forgotten it was not read")
	}
	if got, err := list.Get(noon, time.Hour, read); got != 5 || err != nil {
		t.Errorf("after a fault: got %d, %v; want it read anew", got, err)
	}
}
