package rota_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"warmline/escalate/rota"
)

func TestParseSpan(t *testing.T) {
	const wednesday = "2026-12-02 10:30"
	for in, want := range map[string]string{
		"fri 9:00-13:00":                       "2026-12-04 09:00 - 2026-12-04 13:00",
		"from Friday, 9:00 to 13:00":           "2026-12-04 09:00 - 2026-12-04 13:00",
		"9:00-13:00 fri":                       "2026-12-04 09:00 - 2026-12-04 13:00",
		"9-13 tomorrow":                        "2026-12-03 09:00 - 2026-12-03 13:00",
		"tomorrow 9-13":                        "2026-12-03 09:00 - 2026-12-03 13:00",
		"tomorrow at 9 until 13":               "2026-12-03 09:00 - 2026-12-03 13:00",
		"today 18:00-22:00":                    "2026-12-02 18:00 - 2026-12-02 22:00",
		"18:00–22:00":                          "2026-12-02 18:00 - 2026-12-02 22:00",
		"22:00 - 06:00":                        "2026-12-02 22:00 - 2026-12-03 06:00",
		"fri 22-6":                             "2026-12-04 22:00 - 2026-12-05 06:00",
		"sat 0:00-24:00":                       "2026-12-05 00:00 - 2026-12-06 00:00",
		"2026-12-24 18:00 - 2026-12-27 9:00":   "2026-12-24 18:00 - 2026-12-27 09:00",
		"2026-12-24T18:00 to 2026-12-27T09:00": "2026-12-24 18:00 - 2026-12-27 09:00",
		"2026-12-24 18:00-9:00":                "2026-12-24 18:00 - 2026-12-25 09:00",
		"2026-12-24 - 2026-12-26":              "2026-12-24 00:00 - 2026-12-27 00:00",
		"2026-12-24":                           "2026-12-24 00:00 - 2026-12-25 00:00",
		"tomorrow":                             "2026-12-03 00:00 - 2026-12-04 00:00",
		"mon-fri":                              "2026-12-07 00:00 - 2026-12-12 00:00",
		"fri 17:00 - mon 9:00":                 "2026-12-04 17:00 - 2026-12-07 09:00",
		"mon 9:00 - mon 8:00":                  "2026-12-07 09:00 - 2026-12-14 08:00",
		"mon 9:00 - mon 9:00":                  "2026-12-07 09:00 - 2026-12-14 09:00",
		"9:00 - tomorrow 13:00":                "2026-12-02 10:30 - 2026-12-03 13:00",
		"now-17:00":                            "2026-12-02 10:30 - 2026-12-02 17:00",
		"now - 9:00":                           "2026-12-02 10:30 - 2026-12-03 09:00",
		"until 17:00":                          "2026-12-02 10:30 - 2026-12-02 17:00",
		"until fri 17:00":                      "2026-12-02 10:30 - 2026-12-04 17:00",
		"till wed 9:00":                        "2026-12-02 10:30 - 2026-12-09 09:00",
		"until wed 11:00":                      "2026-12-02 10:30 - 2026-12-02 11:00",
		"for 2h":                               "2026-12-02 10:30 - 2026-12-02 12:30",
		"For 1h30m":                            "2026-12-02 10:30 - 2026-12-02 12:00",
		"for 90 min":                           "2026-12-02 10:30 - 2026-12-02 12:00",
		"for 3 days":                           "2026-12-02 10:30 - 2026-12-05 10:30",
		"now for 2 weeks":                      "2026-12-02 10:30 - 2026-12-16 10:30",
		"sat 9:00 for 4 hours":                 "2026-12-05 09:00 - 2026-12-05 13:00",
		"wed 8:00 for 1h":                      "2026-12-09 08:00 - 2026-12-09 09:00",
		"14:00 for 1 d 2 h":                    "2026-12-02 14:00 - 2026-12-03 16:00",
		"wed 9:00-10:00":                       "2026-12-09 09:00 - 2026-12-09 10:00", // today's is over
		"wed 9:00-10:30":                       "2026-12-09 09:00 - 2026-12-09 10:30", // just over
		"wed 9:00-11:00":                       "2026-12-02 10:30 - 2026-12-02 11:00",
		"wed":                                  "2026-12-02 10:30 - 2026-12-03 00:00",
		"tue 22:00 - wed 6:00":                 "2026-12-08 22:00 - 2026-12-09 06:00",
		"today 6pm-10pm":                       "2026-12-02 18:00 - 2026-12-02 22:00",
		"fri 9am - 12:30 pm":                   "2026-12-04 09:00 - 2026-12-04 12:30",
		"fri 12am-12pm":                        "2026-12-04 00:00 - 2026-12-04 12:00",
		"fri 9am-17:00":                        "2026-12-04 09:00 - 2026-12-04 17:00",

		"":                              "there is no time in it",
		"  ":                            "there is no time in it",
		"fri 9-5pm":                     "say am or pm at both times",
		"fri 9am-5":                     "say am or pm at both times",
		"fri 13pm-15:00":                "there is no 13 pm",
		"fri 0am-15:00":                 "there is no 0 am",
		"mon-fri 9-17":                  "there is more than one begin and end in it; say one after the other",
		"9:00-13:00":                    "", // until 13:00
		"8:00-9:00":                     "it is over since Wednesday, 2 December, 09:00",
		"8:00 for 1h":                   "it is over since Wednesday, 2 December, 09:00",
		"fri 9:00-9:00":                 "it ends when it begins, or before",
		"today 8-9":                     "it is over since Wednesday, 2 December, 09:00",
		"2026-12-01 9:00 - 2026-12-02":  "say at what time it ends",
		"2026-12-01":                    "it is over since Wednesday, 2 December, 00:00",
		"2026-12-27 - 2026-12-24":       "it ends when it begins, or before",
		"fri 9:00 - 2026-12-03 9:00":    "it ends when it begins, or before",
		"2026-02-30":                    `there is no "2026-02-30"`,
		"fri 25-26":                     "there is no 25 o'clock",
		"fri 9:60-10:00":                `there is no "9:60"`,
		"fri 24:01-25:00":               `there is no "24:01"`,
		"next fri 9-10":                 `I do not understand "next" there`,
		"fri 9:00 13:00":                `I do not understand "13:00" there`,
		"fri 9:00-13:00 please":         `I do not understand "please" there`,
		"fri 9:00":                      "say when it ends",
		"now":                           "say when it ends",
		"now-now":                       "it ends now",
		"now - fri":                     "say at what time it ends",
		"fri for 2h":                    "say at what time it begins",
		"for":                           "say how long, such as 2h, 90 min or 3 days",
		"for 2":                         "say how long, such as 2h, 90 min or 3 days",
		"for ever":                      "say how long, such as 2h, 90 min or 3 days",
		"for 2 years":                   `I do not know how long "years" is`,
		"for 99999999999999999999h":     `there is no "99999999999999999999"`,
		"for 10001 min":                 "10001 is too much",
		"for 0h":                        "it ends when it begins, or before",
		"for 13 weeks":                  "it is longer than 90 days; change the rota instead",
		"2026-12-24 - 2027-12-24":       "it is longer than 90 days; change the rota instead",
		"2062-12-24":                    "it begins more than a year from now",
		"fri 9:00-":                     "something is missing at the end",
		"-13:00":                        `I do not understand "-" there`,
		"fri sat":                       `I do not understand "sat" there`,
		"morgen 9-13":                   `I do not understand "morgen" there`,
		"fri 9:00 → 13:00":              `I do not understand "→ 13:00"`,
		"1.12. 9-13":                    `I do not understand ".12. 9-13"`,
		strings.Repeat("fri 9-10 ", 30): "that is too long",
		"<!channel> fri 9-10":           `I do not understand "<!channel> fri 9-10"`,
	} {
		span, err := rota.ParseSpan(in, wall(t, "Europe/Berlin", wednesday), load(t, "Europe/Berlin"))
		got := fmt.Sprintf("%s - %s", span.From.Format("2006-01-02 15:04"), span.To.Format("2006-01-02 15:04"))
		var fault *rota.SpanFault
		switch {
		case errors.As(err, &fault):
			got = fault.What
		case err != nil:
			t.Errorf("%q: %v is no *SpanFault", in, err)
		case want == "":
			want = "2026-12-02 10:30 - 2026-12-02 13:00"
		}
		if got != want {
			t.Errorf("%q: got %s; want %s", in, got, want)
		}
	}
}

func TestASpanIsThatOfTheCallersClock(t *testing.T) {
	for _, tc := range []struct{ zone, now, in, from, to string }{
		// The caller's Friday has begun, that of UTC has not.
		{"Pacific/Apia", "2026-12-04 01:00", "fri 9:00-10:00", "2026-12-04T09:00:00+13:00", "2026-12-04T10:00:00+13:00"},
		{"America/New_York", "2026-03-07 12:00", "tomorrow 1:00-4:00", "2026-03-08T01:00:00-05:00", "2026-03-08T04:00:00-04:00"},
		{"America/New_York", "2026-03-07 12:00", "tomorrow 2:30-4:00", "2026-03-08T03:00:00-04:00", "2026-03-08T04:00:00-04:00"},
		{"America/New_York", "2026-10-31 12:00", "tomorrow 1:30-2:00", "2026-11-01T01:30:00-04:00", "2026-11-01T02:00:00-05:00"},
		{"America/New_York", "2026-10-31 12:00", "for 1 day", "2026-10-31T12:00:00-04:00", "2026-11-01T12:00:00-05:00"},
		{"America/New_York", "2026-10-31 12:00", "for 24h", "2026-10-31T12:00:00-04:00", "2026-11-01T11:00:00-05:00"},
	} {
		span, err := rota.ParseSpan(tc.in, wall(t, tc.zone, tc.now).UTC(), load(t, tc.zone))
		if got := span.From.Format(time.RFC3339) + " " + span.To.Format(time.RFC3339); err != nil || got != tc.from+" "+tc.to {
			t.Errorf("%q at %s in %s: %s, %v; want %s %s", tc.in, tc.now, tc.zone, got, err, tc.from, tc.to)
		}
	}
	if _, err := rota.ParseSpan("tomorrow 2:10-2:50", wall(t, "America/New_York", "2026-03-07 12:00"), load(t, "America/New_York")); err == nil {
		t.Error("a span that the clocks skip was understood")
	}
}

func TestASpanFaultShowsHowToWriteOne(t *testing.T) {
	_, err := rota.ParseSpan("nächste Woche "+strings.Repeat("ü", 60), time.Unix(0, 0), time.UTC)
	if err == nil || !strings.Contains(err.Error(), "for example: fri 9:00-13:00") || !strings.HasPrefix(err.Error(), `"nächste Woche ü`) {
		t.Errorf("got %v", err)
	}
	var fault *rota.SpanFault
	if !errors.As(err, &fault) || len([]rune(fault.Text)) > 61 {
		t.Errorf("what they wrote is not cut: %+v", fault)
	}
	// Each example in it can be written.
	_, examples, _ := strings.Cut(err.Error(), "for example: ")
	for one := range strings.SplitSeq(examples, ", ") {
		if _, err := rota.ParseSpan(one, time.Date(2026, 12, 2, 10, 30, 0, 0, time.UTC), time.UTC); err != nil {
			t.Errorf("example: %v", err)
		}
	}
}
