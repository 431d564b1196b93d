package helpdesk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

func TestNamesAreReadOnceAndNeverKeepATicket(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	later := &desk.Refused{Op: "list brands", Why: "429", RetryAfter: time.Second}
	never := &desk.Refused{Op: "list brands", Why: "403"}
	type step struct {
		name  string
		at    time.Duration
		id    string
		fault error
		want  string
		reads int // in all
	}
	for story, steps := range map[string][]step{
		"as it should be": {
			{"a ticket without a brand", 0, "", nil, "", 0},
			{"the first", 0, "1", nil, "North", 1},
			{"the other, of the same list", 0, "2", nil, "South", 1},
			{"one that the list lacks", time.Second, "3", nil, "3", 2},
			{"which is not looked for each time", 2 * time.Second, "3", nil, "3", 2},
			{"too old", 11 * time.Minute, "1", nil, "North", 3},
			{"by a clock that was set back", -time.Hour, "1", nil, "North", 4},
		},
		"the helpdesk fails": {
			{"at first", 0, "1", errors.New("500"), "1", 1},
			{"and is left alone", 59 * time.Second, "1", errors.New("500"), "1", 1},
			{"until it is well", time.Minute, "1", nil, "North", 2},
			{"fails anew", 12 * time.Minute, "1", later, "North", 3},
			{"for a minute", 13 * time.Minute, "1", nil, "North", 4},
		},
		"the token may not": {
			{"once", 0, "1", never, "1", 1},
			{"is enough", 9 * time.Minute, "1", never, "1", 1},
			{"for a while", 10 * time.Minute, "1", desk.ErrNotFound, "1", 2},
			{"whatever it is called", 19 * time.Minute, "1", nil, "1", 2},
		},
		"we are stopped": {
			{"in between", 0, "1", context.Canceled, "1", 1},
			{"and come again", 0, "1", nil, "North", 2},
		},
	} {
		var names helpdesk.Names
		reads := 0
		for _, s := range steps {
			got := names.Of(noon.Add(s.at), s.id, func() (map[string]string, error) {
				reads++
				if s.fault != nil {
					return nil, s.fault
				}
				return map[string]string{"1": " North\x00 ", "2": "South"}, nil
			})
			if got != s.want || reads != s.reads {
				t.Errorf("%s, %s: got %q after %d readings, want %q after %d", story, s.name, got, reads, s.want, s.reads)
			}
		}
	}
}
