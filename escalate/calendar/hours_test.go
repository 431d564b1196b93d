package calendar_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"warmline/escalate/calendar"
)

func TestParseShift(t *testing.T) {
	for in, want := range map[string]string{
		"09:00-12:30":   "09:00-12:30",
		"9:00 – 17:00":  "09:00-17:00",
		"22:00-06:00":   "22:00-06:00",
		"00:00-24:00":   "00:00-24:00",
		"22:00-00:00":   "22:00-00:00",
		"23:59-24:00":   "23:59-24:00",
		"09:00":         "",
		"09:00-":        "",
		"9-17":          "",
		"09:0-17:00":    "",
		"09:60-17:00":   "",
		"09:00-24:01":   "",
		"24:00-06:00":   "",
		"09:00-09:00":   "",
		"-1:00-09:00":   "",
		"+9:00-17:00":   "",
		"009:00-17:00":  "",
		"09:00-12-17":   "",
		"09:00:00-17":   "",
		"٠٩:٠٠-١٧:٠٠":   "",
		"09:00-17:00\n": "09:00-17:00",
		"":              "",
	} {
		s, err := calendar.ParseShift(in)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q was read as %s", in, s)
		case want != "" && (err != nil || s.String() != want):
			t.Errorf("%q: got %s, %v; want %s", in, s, err, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, valid := range map[string]bool{"2026-12-24": true, "2028-02-29": true, "2026-02-29": false, "2026-2-1": false, "24.12.2026": false, "": false} {
		if d, err := calendar.ParseDate(in); (err == nil) != valid || valid && (d.String() != in || !d.Valid()) {
			t.Errorf("%q: got %s, %v", in, d, err)
		}
	}
	a, b := calendar.Date{Year: 2026, Month: 12, Day: 24}, calendar.Date{Year: 2027, Month: 1, Day: 1}
	if a.Compare(b) != -1 || b.Compare(a) != 1 || a.Compare(calendar.Date{Year: 2026, Month: 12, Day: 24}) != 0 {
		t.Error("dates are out of order")
	}
}

func TestValidateNamesEveryFault(t *testing.T) {
	day := func(d int) calendar.Date { return calendar.Date{Year: 2026, Month: 2, Day: d} }
	h := calendar.Hours{
		Week: calendar.Week{
			Mon: []calendar.Shift{{From: 540, To: 1020}, {From: 600, To: 1080}}, // they overlap, which is no fault
			Sun: []calendar.Shift{{From: 540, To: 540}, {From: 0, To: 1441}, {From: -1, To: 60}, {From: 1440, To: 60}},
		},
		Closed:  []calendar.Holiday{{Date: day(1)}, {Date: day(30)}, {Date: day(1)}},
		Special: []calendar.Special{{Date: day(1), Shifts: []calendar.Shift{calendar.AllDay}}, {}, {Date: day(2), Shifts: []calendar.Shift{{}}}},
	}
	err := h.Validate()
	want := strings.TrimSpace(`
week.sun[0]: 09:00-09:00 begins and ends at the same time; a whole day is 00:00-24:00
week.sun[1]: 00:00-24:01 ends outside the day; midnight is 24:00
week.sun[2]: 00:-1-01:00 begins outside the day; the last minute is 23:59
week.sun[3]: 24:00-01:00 begins outside the day; the last minute is 23:59
closed[1].date: 2026-02-30 is not a date; write it as 2026-12-24
closed[2].date: 2026-02-01 is listed twice, here and in closed[0].date; remove one
special[0].date: 2026-02-01 is listed twice, here and in closed[0].date; remove one
special[1].date: 0000-00-00 is not a date; write it as 2026-12-24
special[1].shifts: is empty; give the shifts of that date, or list it under closed
special[2].shifts[0]: 00:00-00:00 begins and ends at the same time; a whole day is 00:00-24:00`)
	if err == nil {
		t.Fatal("no fault")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	var fault *calendar.Fault
	if !errors.As(err, &fault) || fault.Path != "week.sun[0]" {
		t.Errorf("the first fault is %+v", fault)
	}
	if _, err := calendar.New(h, time.UTC); err == nil {
		t.Error("a calendar was made of it")
	}
	if err := new(calendar.Hours).Validate(); err != nil {
		t.Errorf("no hours at all: %v", err)
	}
}

func TestNewWantsAZone(t *testing.T) {
	if _, err := calendar.New(calendar.Hours{Week: calendar.Weekdays(calendar.AllDay)}, nil); err == nil {
		t.Error("shifts were accepted without a zone")
	}
}

const written = `zone: Europe/Berlin
week:
    mon: [08:00-12:00, 13:00-17:00]
    fri:
        - 22:00-06:00
closed:
    - date: 2026-12-31
      name: New Year's Eve
special:
    - date: 2026-12-24
      shifts: [08:00-12:00]
`

func TestHoursAreWrittenAndRead(t *testing.T) {
	want := calendar.Hours{
		Zone:    "Europe/Berlin",
		Week:    calendar.Week{Mon: parse(t, "08:00-12:00 13:00-17:00"), Fri: parse(t, "22:00-06:00")},
		Closed:  []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 12, Day: 31}, Name: "New Year's Eve"}},
		Special: []calendar.Special{{Date: calendar.Date{Year: 2026, Month: 12, Day: 24}, Shifts: parse(t, "08:00-12:00")}},
	}
	var read calendar.Hours
	if err := yaml.Unmarshal([]byte(written), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("YAML (-want +got):\n%s", diff)
	}
	asYAML, err := yaml.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	read = calendar.Hours{}
	if err := yaml.Unmarshal(asYAML, &read); err != nil || !cmp.Equal(want, read) {
		t.Errorf("YAML again: %v\n%s", err, asYAML)
	}
	asJSON, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	read = calendar.Hours{}
	if err := json.Unmarshal(asJSON, &read); err != nil || !cmp.Equal(want, read) {
		t.Errorf("JSON: %v\n%s", err, asJSON)
	}
	if empty, err := json.Marshal(calendar.Hours{}); err != nil || string(empty) != "{}" {
		t.Errorf("no hours are written as %s, %v", empty, err)
	}
	if wrong, err := json.Marshal(calendar.Hours{Week: calendar.Weekdays(calendar.Shift{})}); err == nil {
		t.Errorf("a shift of nothing is written as %s", wrong)
	}
	if wrong, err := json.Marshal(calendar.Holiday{}); err == nil {
		t.Errorf("no date is written as %s", wrong)
	}
}
