package desk

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

func TestKeepwarmIsParsed(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 3, 15, 0, 0, 0, berlin) // a Tuesday
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, berlin).UTC()
	}
	set := stating{reason: escalate.WaitPartner, until: at(3, 9, 9)}
	for typed, want := range map[string]stating{
		"off":                           {reason: set.reason, until: set.until, off: true},
		"on":                            {reason: set.reason, until: set.until, on: true},
		"reason payment":                {reason: escalate.WaitPayment, until: set.until},
		"Payment":                       {reason: escalate.WaitPayment, until: set.until},
		"reason none":                   {},
		"by none":                       {reason: set.reason},
		"by 16:00":                      {reason: set.reason, until: at(3, 3, 16)},
		"by 14:00":                      {reason: set.reason, until: at(3, 4, 14)},
		"by tomorrow 14:00":             {reason: set.reason, until: at(3, 4, 14)},
		"by today 14:00":                {reason: set.reason, until: at(3, 3, 14)},
		"by tuesday 14:00":              {reason: set.reason, until: at(3, 10, 14)},
		"by Thu 14:00":                  {reason: set.reason, until: at(3, 5, 14)},
		"by 2026-03-30 14:00":           {reason: set.reason, until: at(3, 30, 14)}, // in summer time
		"by 4h":                         {reason: set.reason, until: at(3, 3, 19)},
		"by 2d":                         {reason: set.reason, until: at(3, 5, 15)},
		"on reason delivery by 4h":      {reason: escalate.WaitDelivery, until: at(3, 3, 19)},
		"off technical by friday 09:00": {reason: escalate.WaitTechnical, until: at(3, 6, 9), off: true},
	} {
		got, wrong := parseStating(strings.Fields(typed), set, now)
		if wrong != "" || got.reason != want.reason || !got.until.Equal(want.until) || got.off != want.off || strings.HasPrefix(typed, "on") != got.on {
			t.Errorf("%q: got %+v (%s), want %+v", typed, got, wrong, want)
		}
	}
	for typed, want := range map[string]string{
		"maybe": `"maybe"`, "reason moon": `no reason "moon"`, "reason": `"reason"`, "by": "the time", "by soon": "the time", "by thursday": "the time",
		"by thursday noon": "the time", "by 25:00": "the time", "by -4h": "the time", "by 999999999d": "the time",
	} {
		if _, wrong := parseStating(strings.Fields(typed), stating{}, now); !strings.Contains(wrong, want) {
			t.Errorf("%q: got %q, want %q", typed, wrong, want)
		}
	}
}

func FuzzParseStating(f *testing.F) {
	for _, s := range []string{"on reason payment by thursday 14:00", "by 4h", "by 2026-03-30 14:00", "off", "by NaNd", "reason none by 9e9d"} {
		f.Add(s)
	}
	now := time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, typed string) {
		got, wrong := parseStating(strings.Fields(typed), stating{}, now)
		if wrong == "" && got.reason != escalate.WaitNone && !got.reason.Known() {
			t.Errorf("%q gives the reason %q", typed, got.reason)
		}
	})
}

func TestWhatIsSaidOfAWaitIsChecked(t *testing.T) {
	now := time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		s     stating
		field string
	}{
		"nothing":                {stating{}, ""},
		"a reason":               {stating{reason: escalate.WaitPayment}, ""},
		"a reason and a time":    {stating{reason: escalate.WaitPayment, until: now.Add(time.Hour)}, ""},
		"the same time, past":    {stating{reason: escalate.WaitPayment, until: now.Add(-time.Hour)}, ""},
		"no such reason":         {stating{reason: "moon"}, "wait"},
		"a time alone":           {stating{until: now.Add(time.Hour)}, "wait"},
		"now":                    {stating{reason: escalate.WaitPayment, until: now}, "by"},
		"in ninety days":         {stating{reason: escalate.WaitPayment, until: now.Add(furthestStated)}, ""},
		"in more":                {stating{reason: escalate.WaitPayment, until: now.Add(furthestStated + time.Second)}, "by"},
		"no reason, but updates": {stating{off: true}, ""},
	} {
		if field, why := c.s.fault(now, now.Add(-time.Hour)); field != c.field || (why == "") != (field == "") {
			t.Errorf("%s: %q, %q", name, field, why)
		}
	}
}
