package helpdesk_test

import (
	"encoding/json"
	"testing"
	"time"

	"warmline/helpdesk"
)

func TestMembersAreReadInEveryForm(t *testing.T) {
	noon := time.Date(2026, 3, 12, 8, 34, 23, 0, time.UTC)
	for raw, want := range map[string]struct {
		id     helpdesk.ID
		number helpdesk.Number
		at     time.Time
	}{
		`17`: {"17", 17, time.Time{}}, `"17"`: {"17", 17, time.Time{}}, `" 17 "`: {"17", 17, time.Time{}}, `null`: {}, `""`: {}, `{}`: {},
		`[1]`: {}, `true`: {}, `"cnv_1"`: {"cnv_1", 0, time.Time{}}, `12345678901234567890`: {"12345678901234567890", 0, time.Time{}},
		`"2026-03-12T08:34:23Z"`:         {"2026-03-12T08:34:23Z", 0, noon},
		`"2026-03-12T09:34:23+01:00"`:    {"2026-03-12T09:34:23+01:00", 0, noon},
		`"2026-03-12T09:34:23.000+0100"`: {"2026-03-12T09:34:23.000+0100", 0, noon},
		`"2026-03-12T08:34:23"`:          {"2026-03-12T08:34:23", 0, noon},
		`"2026-03-12 08:34:23 +0000"`:    {"2026-03-12 08:34:23 +0000", 0, noon},
		`"2026-03-12"`:                   {"2026-03-12", 0, noon.Truncate(24 * time.Hour)},
	} {
		var got struct {
			ID     helpdesk.ID
			Number helpdesk.Number
			At     helpdesk.Time
		}
		if err := json.Unmarshal([]byte(`{"ID":`+raw+`,"Number":`+raw+`,"At":`+raw+`}`), &got); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
		if got.ID != want.id || got.Number != want.number || !got.At.Equal(want.at) {
			t.Errorf("%s: got %+v, want %+v", raw, got, want)
		}
	}
}
