package calendar

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever was asked before, the answer is the same as that of a zone that was never asked.
func TestAZoneAnswersInAnyOrder(t *testing.T) {
	for _, name := range []string{"America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 1))
		asked := zone{loc: loc}
		for range 20_000 {
			_, change := time.Date(2009, 1, 1, 0, 0, r.IntN(3*365*daySeconds), 0, time.UTC).In(loc).ZoneBounds()
			reading := change.Unix() + int64(r.IntN(6*daySeconds)-3*daySeconds)
			fresh := zone{loc: loc}
			if got, want := asked.first(reading), fresh.first(reading); got != want {
				t.Fatalf("%s: %v comes at %v, then at %v", name, time.Unix(reading, 0).UTC(), time.Unix(want, 0).In(loc), time.Unix(got, 0).In(loc))
			}
		}
	}
}
