package calendar_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/calendar"
)

// The story of these tests: a target of four hours by the office's hours (8 to 12 and 13 to 17, Monday to Friday), and one by
// those of a team that works around the clock but on Wednesdays.
func calendars(t *testing.T) calendar.Calendars {
	t.Helper()
	w := daily(t, "00:00-24:00")
	w.Wed = nil
	return calendar.Calendars{"office": office(t), "round": working(t, "Europe/Berlin", calendar.Hours{Week: w})}
}

func berlin(t *testing.T, text string) time.Time { return clock(t, "Europe/Berlin", "2026-12-"+text) }

// fourHours starts on Tuesday at nine and is due at 14:00; from 13:12 on it is due soon.
func fourHours(t *testing.T) *calendar.Clock {
	return &calendar.Clock{
		Started: berlin(t, "01 09:00"),
		Terms:   calendar.Terms{Budget: 4 * time.Hour, Calendar: "office", Warn: calendar.Stage{Share: 0.8}},
	}
}

// fate is a reading in words: the state, the deadline or -, used, left, over, and what else is to be said.
func fate(t *testing.T, c *calendar.Clock, at string) string {
	t.Helper()
	r, err := c.Read(berlin(t, at), calendars(t))
	if err != nil {
		t.Fatal(err)
	}
	text := string(r.State) + " - "
	if !r.Deadline.IsZero() {
		text = string(r.State) + " " + r.Deadline.Format("02 15:04") + " "
	}
	text += r.Used.String() + " " + r.Left.String() + " " + r.Over.String()
	if r.Late {
		text += " late"
	}
	if r.Paused {
		text += " still"
	}
	return text
}

func TestRead(t *testing.T) {
	type at = map[string]string
	for name, tc := range map[string]struct {
		facts func(*calendar.Clock)
		want  at
	}{
		"undisturbed": {func(*calendar.Clock) {}, at{
			"01 08:00": "running 01 14:00 0s 4h0m0s 0s", // before its start
			"01 09:00": "running 01 14:00 0s 4h0m0s 0s",
			"01 12:30": "running 01 14:00 3h0m0s 1h0m0s 0s",
			"01 13:11": "running 01 14:00 3h11m0s 49m0s 0s",
			"01 13:12": "due_soon 01 14:00 3h12m0s 48m0s 0s",
			"01 13:59": "due_soon 01 14:00 3h59m0s 1m0s 0s",
			"01 14:00": "breached 01 14:00 4h0m0s 0s 0s",
			"02 08:30": "breached 01 14:00 7h30m0s 0s 3h30m0s",
		}},
		"met in time": {func(c *calendar.Clock) { c.Met = berlin(t, "01 14:00") }, at{
			"01 13:59": "due_soon 01 14:00 3h59m0s 1m0s 0s",
			"01 14:00": "met 01 14:00 4h0m0s 0s 0s",
			"09 09:00": "met 01 14:00 4h0m0s 0s 0s",
		}},
		"met late": {func(c *calendar.Clock) { c.Met = berlin(t, "01 14:01") }, at{
			"01 14:00": "breached 01 14:00 4h0m0s 0s 0s",
			"09 09:00": "met 01 14:00 4h1m0s 0s 1m0s late",
		}},
		"met before it started": {func(c *calendar.Clock) { c.Met = berlin(t, "01 08:00") }, at{"01 10:00": "met 01 14:00 0s 4h0m0s 0s"}},
		"cancelled": {func(c *calendar.Clock) { c.Cancelled, c.Met = berlin(t, "01 10:00"), berlin(t, "01 11:00") }, at{
			"01 09:30": "running 01 14:00 30m0s 3h30m0s 0s",
			"01 12:00": "cancelled 01 14:00 1h0m0s 3h0m0s 0s",
		}},
		"paused": {func(c *calendar.Clock) {
			c.Pause(berlin(t, "01 10:00"), calendar.PausePending)
			c.Pause(berlin(t, "01 11:00"), calendar.PausePending) // said twice
			c.Pause(berlin(t, "01 11:30"), calendar.PauseSnoozed)
			c.Resume(berlin(t, "02 09:00"), calendar.PausePending) // the snooze goes on
			c.Resume(berlin(t, "03 08:00"), calendar.PauseSnoozed)
		}, at{
			"01 09:59": "running 01 14:00 59m0s 3h1m0s 0s",
			"01 10:00": "paused - 1h0m0s 3h0m0s 0s still",
			"02 10:00": "paused - 1h0m0s 3h0m0s 0s still",
			"03 08:00": "running 03 11:00 1h0m0s 3h0m0s 0s",
		}},
		"paused when it was late already": {func(c *calendar.Clock) { c.Pause(berlin(t, "01 15:00"), calendar.PauseOnHold) }, at{
			"02 09:00": "breached 01 14:00 5h0m0s 0s 1h0m0s still",
		}},
		"paused before it started": {func(c *calendar.Clock) {
			c.Pause(berlin(t, "01 07:00"), calendar.PausePending)
			c.Resume(berlin(t, "01 10:00"), calendar.PausePending)
		}, at{"01 10:00": "running 01 15:00 0s 4h0m0s 0s"}},
		"met while it was paused": {func(c *calendar.Clock) {
			c.Pause(berlin(t, "01 10:00"), calendar.PausePending)
			c.Met = berlin(t, "01 16:00")
		}, at{"01 17:00": "met - 1h0m0s 3h0m0s 0s still"}},
		"a snooze that was ended early": {func(c *calendar.Clock) {
			c.Pause(berlin(t, "01 10:00"), calendar.PauseSnoozed)
			c.Resume(berlin(t, "04 10:00"), calendar.PauseSnoozed)
			c.Resume(berlin(t, "01 11:00"), calendar.PauseSnoozed)
		}, at{"01 11:00": "running 01 15:00 1h0m0s 3h0m0s 0s"}},
		"a snooze that was made longer": {func(c *calendar.Clock) {
			c.Pause(berlin(t, "01 10:00"), calendar.PauseSnoozed)
			c.Resume(berlin(t, "01 11:00"), calendar.PauseSnoozed)
			c.Pause(berlin(t, "01 10:30"), calendar.PauseSnoozed)
			c.Resume(berlin(t, "01 14:00"), calendar.PauseSnoozed)
		}, at{"01 11:30": "paused - 1h0m0s 3h0m0s 0s still", "01 14:00": "running 01 17:00 1h0m0s 3h0m0s 0s"}},
		"other hours from Tuesday night on": {func(c *calendar.Clock) {
			c.Change(berlin(t, "01 22:00"), calendar.Terms{Budget: 12 * time.Hour, Calendar: "round"})
		}, at{
			"01 11:00": "running 01 14:00 2h0m0s 2h0m0s 0s",
			"01 21:59": "breached 01 14:00 7h0m0s 0s 3h0m0s",
			"01 22:00": "running 03 03:00 7h0m0s 5h0m0s 0s", // what was used stays used; Wednesday is off
			"03 01:00": "running 03 03:00 10h0m0s 2h0m0s 0s",
		}},
		"other hours when it was late already": {func(c *calendar.Clock) {
			c.Change(berlin(t, "01 22:00"), calendar.Terms{Budget: 4 * time.Hour, Calendar: "round"})
		}, at{"01 23:00": "breached 01 14:00 8h0m0s 0s 4h0m0s"}},
		"less time than was used": {func(c *calendar.Clock) {
			c.Change(berlin(t, "01 11:00"), calendar.Terms{Budget: time.Hour, Calendar: "office"})
		}, at{
			"01 10:59": "running 01 14:00 1h59m0s 2h1m0s 0s",
			"01 11:30": "breached 01 11:00 2h30m0s 0s 1h30m0s", // not before
		}},
		"terms that were changed before it started": {func(c *calendar.Clock) {
			c.Change(berlin(t, "01 08:00"), calendar.Terms{Budget: time.Hour})
			c.Change(berlin(t, "01 08:00"), calendar.Terms{Budget: 2 * time.Hour})
		}, at{"01 09:00": "running 01 11:00 0s 2h0m0s 0s"}},
		"no time at all": {func(c *calendar.Clock) { c.Terms.Budget = 0 }, at{"01 09:00": "breached 01 09:00 0s 0s 0s"}},
		"facts as nobody should write them": {func(c *calendar.Clock) {
			c.Changes = []calendar.Change{
				{At: berlin(t, "01 11:00"), Terms: calendar.Terms{Budget: 3 * time.Hour}}, {At: berlin(t, "01 10:00"), Terms: calendar.Terms{Budget: time.Hour}},
			}
			c.Pauses = []calendar.Pause{
				{From: berlin(t, "01 10:30"), To: berlin(t, "01 10:45")}, {From: berlin(t, "01 09:30"), To: berlin(t, "01 09:15")},
			}
		}, at{"01 12:00": "running 01 12:15 2h45m0s 15m0s 0s"}},
	} {
		t.Run(name, func(t *testing.T) {
			for at, want := range tc.want {
				c := fourHours(t)
				tc.facts(c)
				if got := fate(t, c, at); got != want {
					t.Errorf("at %s: got %s, want %s", at, got, want)
				}
			}
		})
	}
}

func TestReaches(t *testing.T) {
	half, before := calendar.Stage{Share: 0.5}, calendar.Stage{Left: 30 * time.Minute}
	c := fourHours(t)
	for name, tc := range map[string]struct {
		facts func(*calendar.Clock)
		now   string
		stage calendar.Stage
		want  string
	}{
		"a share to come":       {nil, "01 09:00", half, "01 11:00"},
		"a share that was":      {nil, "03 09:00", half, "01 11:00"},
		"time left":             {nil, "01 09:00", before, "01 13:30"},
		"more left than all":    {nil, "01 09:00", calendar.Stage{Left: 5 * time.Hour}, "01 09:00"},
		"the deadline":          {nil, "01 09:00", calendar.Breach, "01 14:00"},
		"long after it":         {nil, "01 09:00", calendar.Stage{Share: 2}, "02 09:00"},
		"an hour after it":      {nil, "01 09:00", calendar.Stage{Late: time.Hour}, "01 15:00"},
		"that was":              {nil, "03 09:00", calendar.Stage{Late: time.Hour}, "01 15:00"},
		"not while paused":      {func(c *calendar.Clock) { c.Pause(berlin(t, "01 10:00"), calendar.PauseOnHold) }, "01 10:00", half, ""},
		"but what was, stays":   {func(c *calendar.Clock) { c.Pause(berlin(t, "01 11:00"), calendar.PauseOnHold) }, "01 12:00", half, "01 11:00"},
		"not when it is met":    {func(c *calendar.Clock) { c.Met = berlin(t, "01 13:00") }, "01 13:00", before, ""},
		"nor cancelled":         {func(c *calendar.Clock) { c.Cancelled = berlin(t, "01 13:00") }, "01 13:00", before, ""},
		"what was before is so": {func(c *calendar.Clock) { c.Met = berlin(t, "01 13:00") }, "01 13:00", half, "01 11:00"},
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			if tc.facts != nil {
				tc.facts(&c)
			}
			got, err := c.Reaches(berlin(t, tc.now), calendars(t), tc.stage)
			if err != nil {
				t.Fatal(err)
			}
			if tc.want == "" && !got.IsZero() || tc.want != "" && !got.Equal(berlin(t, tc.want)) {
				t.Errorf("got %v, want %q", got, tc.want)
			}
		})
	}
}

func TestAClockNeedsItsCalendar(t *testing.T) {
	c := fourHours(t)
	c.Change(berlin(t, "02 09:00"), calendar.Terms{Budget: time.Hour, Calendar: "gone"})
	if _, err := c.Read(berlin(t, "01 10:00"), calendars(t)); err != nil {
		t.Errorf("before the change: %v", err)
	}
	if _, err := c.Read(berlin(t, "02 10:00"), calendars(t)); !errors.Is(err, calendar.ErrUnknownCalendar) {
		t.Errorf("read: %v", err)
	}
	if _, err := c.Reaches(berlin(t, "02 10:00"), calendars(t), calendar.Breach); !errors.Is(err, calendar.ErrUnknownCalendar) {
		t.Errorf("reaches: %v", err)
	}
}

func TestStageValidate(t *testing.T) {
	for _, tc := range []struct {
		stage calendar.Stage
		valid bool
	}{
		{calendar.Stage{}, true},
		{calendar.Breach, true},
		{calendar.Stage{Share: 0.5}, true},
		{calendar.Stage{Left: time.Hour}, true},
		{calendar.Stage{Share: 0.5, Left: time.Hour}, false},
		{calendar.Stage{Share: -0.1}, false},
		{calendar.Stage{Share: 50}, false}, // 50 %, presumably
		{calendar.Stage{Share: math.NaN()}, false},
		{calendar.Stage{Left: -time.Hour}, false},
		{calendar.Stage{Late: time.Hour}, true},
		{calendar.Stage{Late: -time.Hour}, false},
		{calendar.Stage{Share: 1, Late: time.Hour}, false},
		{calendar.Stage{Left: time.Hour, Late: time.Hour}, false},
	} {
		if err := tc.stage.Validate(); (err == nil) != tc.valid {
			t.Errorf("%+v: %v", tc.stage, err)
		}
	}
}

func TestAClockIsStored(t *testing.T) {
	c := fourHours(t)
	c.Pause(berlin(t, "01 10:00"), calendar.PausePending)
	c.Resume(berlin(t, "01 11:00"), calendar.PausePending)
	c.Pause(berlin(t, "01 16:00"), calendar.PauseSnoozed)
	c.Change(berlin(t, "01 12:00"), calendar.Terms{Budget: time.Hour, Warn: calendar.Stage{Left: time.Minute}})
	c.Met = berlin(t, "02 10:00")
	stored, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var read calendar.Clock
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*c, read); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	want := `{"started":"2026-12-01T09:00:00+01:00","terms":{"budget":14400000000000,"calendar":"office","warn":"0.8"}}`
	if got, err := json.Marshal(fourHours(t)); err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
}

func TestReadingChangesNoFact(t *testing.T) {
	c := fourHours(t)
	c.Changes = []calendar.Change{{At: berlin(t, "01 12:00")}, {At: berlin(t, "01 11:00")}}
	c.Pauses = []calendar.Pause{{From: berlin(t, "01 12:00")}, {From: berlin(t, "01 11:00")}}
	before, _ := json.Marshal(c)
	if _, err := c.Read(berlin(t, "01 13:00"), calendars(t)); err != nil {
		t.Fatal(err)
	}
	if after, _ := json.Marshal(c); string(after) != string(before) {
		t.Errorf("was %s, is %s", before, after)
	}
}
