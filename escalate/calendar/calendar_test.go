package calendar_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // so that the zones are the same on every machine

	"warmline/escalate/calendar"
)

func load(tb testing.TB, zone string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// parse reads shifts such as "09:00-12:30 13:30-18:00".
func parse(tb testing.TB, text string) (shifts []calendar.Shift) {
	tb.Helper()
	for one := range strings.FieldsSeq(text) {
		s, err := calendar.ParseShift(one)
		if err != nil {
			tb.Fatal(err)
		}
		shifts = append(shifts, s)
	}
	return shifts
}

// daily is a week with the same shifts every day.
func daily(tb testing.TB, text string) calendar.Week {
	tb.Helper()
	w := calendar.Weekdays(parse(tb, text)...)
	w.Sat, w.Sun = w.Mon, w.Mon
	return w
}

func working(tb testing.TB, zone string, h calendar.Hours, holidays ...calendar.Holiday) *calendar.Calendar {
	tb.Helper()
	c, err := calendar.New(h, load(tb, zone), holidays...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// clock reads a time on the wall clock of a zone; where it is shown twice, "2026-11-01 01:30 EST" says which.
func clock(tb testing.TB, zone, text string) time.Time {
	tb.Helper()
	layout := "2006-01-02 15:04"
	if len(text) > len(layout) {
		layout += " MST"
	}
	at, err := time.ParseInLocation(layout, text, load(tb, zone))
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

func TestWorkingTimeWhereClocksChange(t *testing.T) {
	const ny, cairo, howe, apia, paulo = "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"
	for name, tc := range map[string]struct {
		zone, shifts, from, to string
		want                   time.Duration
	}{
		"forward, a whole day":               {ny, "00:00-24:00", "2026-03-08 00:00", "2026-03-09 00:00", 23 * time.Hour},
		"forward, a shift that begins there": {ny, "02:30-08:00", "2026-03-08 00:00", "2026-03-09 00:00", 5 * time.Hour},
		"forward, a shift that ends there":   {ny, "01:00-02:30", "2026-03-08 00:00", "2026-03-09 00:00", time.Hour},
		"forward, a shift that falls out":    {ny, "02:15-02:45", "2026-03-08 00:00", "2026-03-09 00:00", 0},
		"back, a whole day":                  {ny, "00:00-24:00", "2026-11-01 00:00", "2026-11-02 00:00", 25 * time.Hour},
		"back, a night":                      {ny, "22:00-06:00", "2026-10-31 12:00", "2026-11-01 12:00", 9 * time.Hour},
		"back, a shift that is shown twice":  {ny, "01:00-01:30", "2026-11-01 00:00", "2026-11-02 00:00", 30 * time.Minute},
		"back, a shift that begins there":    {ny, "01:30-08:00", "2026-11-01 00:00", "2026-11-02 00:00", 7*time.Hour + 30*time.Minute},
		"midnight is skipped":                {cairo, "00:00-24:00", "2024-04-25 12:00", "2024-04-26 12:00", 23 * time.Hour},
		"midnight is skipped, a night":       {cairo, "22:00-06:00", "2024-04-25 12:00", "2024-04-26 12:00", 7 * time.Hour},
		"the hour before midnight, twice":    {cairo, "00:00-24:00", "2024-10-31 00:00", "2024-11-01 00:00", 25 * time.Hour},
		"midnight is skipped, in Brazil":     {paulo, "00:00-24:00", "2018-11-03 12:00", "2018-11-04 12:00", 23 * time.Hour},
		"half an hour back":                  {howe, "00:00-24:00", "2026-04-05 00:00", "2026-04-06 00:00", 24*time.Hour + 30*time.Minute},
		"half an hour forward":               {howe, "02:15-03:00", "2026-10-04 00:00", "2026-10-05 00:00", 30 * time.Minute},
		"a day that never was":               {apia, "00:00-24:00", "2011-12-29 00:00", "2012-01-01 00:00", 48 * time.Hour},
		"a day that never was, by day":       {apia, "09:00-17:00", "2011-12-29 00:00", "2012-01-01 00:00", 16 * time.Hour},
		"a night before a day that never was": {
			apia, "22:00-06:00", "2011-12-29 12:00", "2011-12-31 12:00", 8 * time.Hour, // two hours, and then from midnight on
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := working(t, tc.zone, calendar.Hours{Week: daily(t, tc.shifts)})
			from, to := clock(t, tc.zone, tc.from), clock(t, tc.zone, tc.to)
			if got := c.Between(from, to); got != tc.want {
				t.Errorf("between: got %v, want %v", got, tc.want)
			}
			if got := c.Between(to, from); got != -tc.want {
				t.Errorf("backwards: got %v, want %v", got, -tc.want)
			}
		})
	}
}

// office is Monday to Friday in Berlin with an hour for lunch, a night shift on Friday, Christmas off and a half day before it.
func office(tb testing.TB) *calendar.Calendar {
	tb.Helper()
	h := calendar.Hours{Week: calendar.Weekdays(parse(tb, "08:00-12:00 13:00-17:00")...)}
	h.Week.Fri = parse(tb, "13:00-17:00 08:00-12:00 22:00-06:00 23:00-01:00") // out of order, and one within another
	h.Closed = []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 12, Day: 31}}}
	h.Special = []calendar.Special{
		{Date: calendar.Date{Year: 2026, Month: 12, Day: 24}, Shifts: parse(tb, "08:00-12:00")},
		{Date: calendar.Date{Year: 2027, Month: 1, Day: 6}, Shifts: parse(tb, "10:00-11:00")},
	}
	return working(tb, "Europe/Berlin", h, calendar.Holiday{Date: calendar.Date{Year: 2026, Month: 12, Day: 25}, Name: "Christmas"},
		calendar.Holiday{Date: calendar.Date{Year: 2027, Month: 1, Day: 1}}, calendar.Holiday{Date: calendar.Date{Year: 2027, Month: 1, Day: 6}})
}

func TestDue(t *testing.T) {
	for name, tc := range map[string]struct {
		from    string
		working time.Duration
		want    string
	}{
		"within a shift":           {"2026-12-01 09:00", time.Hour, "2026-12-01 10:00"},
		"over lunch":               {"2026-12-01 11:00", 2 * time.Hour, "2026-12-01 14:00"},
		"at the end of a shift":    {"2026-12-01 11:00", time.Hour, "2026-12-01 12:00"},
		"overnight":                {"2026-12-01 16:30", time.Hour, "2026-12-02 08:30"},
		"into the night":           {"2026-12-04 16:00", 2 * time.Hour, "2026-12-04 23:00"},
		"a night counts once":      {"2026-12-04 22:00", 8 * time.Hour, "2026-12-05 06:00"},
		"over a weekend":           {"2026-12-05 07:00", time.Hour, "2026-12-07 09:00"},
		"a half day, then a feast": {"2026-12-24 11:00", 2 * time.Hour, "2026-12-28 09:00"},
		"over the year's end":      {"2026-12-30 16:00", 2 * time.Hour, "2027-01-04 09:00"},
		"own hours on a holiday":   {"2027-01-05 17:00", time.Hour, "2027-01-06 11:00"},
		"nothing has to pass":      {"2026-12-25 03:00", 0, "2026-12-25 03:00"},
		"less than nothing":        {"2026-12-25 03:00", -time.Hour, "2026-12-25 03:00"},
	} {
		t.Run(name, func(t *testing.T) {
			from, want := clock(t, "Europe/Berlin", tc.from), clock(t, "Europe/Berlin", tc.want)
			if got := office(t).Due(from, tc.working); !got.Equal(want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if got := office(t).Between(from, want); got != max(0, tc.working) {
				t.Errorf("%v between them, want %v", got, tc.working)
			}
		})
	}
}

func TestOpensAndCloses(t *testing.T) {
	for name, tc := range map[string]struct {
		at, opens, closes string // "" is at itself
	}{
		"within a shift":               {"2026-12-01 09:00", "", "2026-12-01 12:00"},
		"at a shift's begin":           {"2026-12-01 08:00", "", "2026-12-01 12:00"},
		"at a shift's end":             {"2026-12-01 12:00", "2026-12-01 13:00", ""},
		"a weekend":                    {"2026-12-05 12:00", "2026-12-07 08:00", ""},
		"a night, whoever also works":  {"2026-12-04 23:30", "", "2026-12-05 06:00"},
		"after midnight":               {"2026-12-05 00:30", "", "2026-12-05 06:00"},
		"a holiday that is a Friday":   {"2026-12-25 22:30", "2026-12-28 08:00", ""},
		"nor does it reach over":       {"2026-12-26 03:00", "2026-12-28 08:00", ""},
		"half a day's other half":      {"2026-12-24 15:00", "2026-12-28 08:00", ""},
		"a holiday with hours for all": {"2027-01-06 10:59", "", "2027-01-06 11:00"},
	} {
		t.Run(name, func(t *testing.T) {
			c := office(t)
			at := clock(t, "Europe/Berlin", tc.at)
			want := func(text string) time.Time {
				if text == "" {
					return at
				}
				return clock(t, "Europe/Berlin", text)
			}
			if got := c.Open(at); got != (tc.opens == "") {
				t.Errorf("open: %v", got)
			}
			if got := c.NextOpen(at); !got.Equal(want(tc.opens)) {
				t.Errorf("opens at %v, want %v", got, want(tc.opens))
			}
			if got := c.NextClose(at); !got.Equal(want(tc.closes)) {
				t.Errorf("closes at %v, want %v", got, want(tc.closes))
			}
		})
	}
}

func TestWithoutHoursIsAroundTheClock(t *testing.T) {
	made, err := calendar.New(calendar.Hours{Zone: "Europe/Berlin"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 29, 0, 0, 0, 5, time.UTC)
	for name, c := range map[string]*calendar.Calendar{"nil": nil, "zero": {}, "made of no hours": made} {
		t.Run(name, func(t *testing.T) {
			if !c.AlwaysOpen() || !c.Open(at) || !c.NextOpen(at).Equal(at) || !c.NextClose(at).IsZero() {
				t.Error("it closes")
			}
			if got, want := c.Due(at, 30*time.Hour), at.Add(30*time.Hour); !got.Equal(want) {
				t.Errorf("due at %v, want %v", got, want)
			}
			if got := c.Between(at.Add(time.Hour), at); got != -time.Hour {
				t.Errorf("an hour back is %v", got)
			}
			if got := c.Due(at, calendar.Horizon+1); !got.IsZero() {
				t.Errorf("due beyond the horizon at %v", got)
			}
		})
	}
}

func TestShiftsWithoutAGapNeverClose(t *testing.T) {
	at := clock(t, "America/New_York", "2026-03-07 09:00")
	c := working(t, "America/New_York", calendar.Hours{Week: daily(t, "00:00-08:00 08:00-24:00")})
	if got := c.NextClose(at); !got.IsZero() {
		t.Errorf("closes at %v", got)
	}
	closed := calendar.Hours{Closed: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 3, Day: 10}}}}
	want := clock(t, "America/New_York", "2026-03-10 00:00")
	if got := working(t, "America/New_York", closed).NextClose(at); !got.Equal(want) {
		t.Errorf("around the clock but for one day: closes at %v, want %v", got, want)
	}
}

// A calendar of which every date is closed for longer than the horizon.
func TestWithoutWorkingTimeNothingIsDue(t *testing.T) {
	var h calendar.Hours
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := range 800 {
		h.Closed = append(h.Closed, calendar.Holiday{Date: calendar.DateOf(first.AddDate(0, 0, day))})
	}
	c := working(t, "UTC", h)
	at := first.Add(time.Hour)
	if due, opens := c.Due(at, 1), c.NextOpen(at); !due.IsZero() || !opens.IsZero() {
		t.Errorf("due at %v, opens at %v; want never", due, opens)
	}
	if got := c.Between(at, at.AddDate(2, 0, 0)); got != 0 {
		t.Errorf("%v of working time", got)
	}
	reopens := first.AddDate(0, 0, 800)
	later := reopens.Add(-calendar.Horizon)
	if got := c.NextOpen(later); !got.Equal(reopens) {
		t.Errorf("opens at %v, want %v: just within the horizon", got, reopens)
	}
	if got := c.NextOpen(later.Add(-time.Second)); !got.IsZero() {
		t.Errorf("opens at %v, a second beyond the horizon", got)
	}
}

func TestAnswersComeInTheLocationOfTheQuestion(t *testing.T) {
	at := clock(t, "Asia/Kolkata", "2026-12-05 12:00")
	c := office(t)
	for name, got := range map[string]time.Time{"due": c.Due(at, time.Hour), "opens": c.NextOpen(at), "closes": c.NextClose(at.Add(-24 * time.Hour))} {
		if got.Location() != at.Location() {
			t.Errorf("%s: in %v", name, got.Location())
		}
	}
}

// The machine's counter and the wall clock differ after a suspended night or a step of the clock; working time is by the wall clock.
func TestReadsTheWallClockOnly(t *testing.T) {
	counted := time.Now()
	var c calendar.Calendar
	if got := c.Due(counted, time.Hour); got != counted.Round(0).Add(time.Hour) {
		t.Errorf("%v still has the machine's counter", got)
	}
}
