package escalate_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

func TestUpdatesComeEverMoreRarely(t *testing.T) {
	hours := func(k *escalate.KeepWarm) (got []int) {
		for sent := range 5 {
			got = append(got, int(k.Gap(sent).Hours()))
		}
		return got
	}
	for stored, want := range map[string][]int{
		`{"after":14400000000000,"cap":3}`:                                           {4, 24, 48, 48, 48}, // as earlier versions wrote it
		`{"after":259200000000000,"cap":3}`:                                          {72, 72, 72, 72, 72},
		`{"after":14400000000000,"cap":3,"schedule":[3600000000000,36000000000000]}`: {1, 10, 10, 10, 10},
	} {
		var k escalate.KeepWarm
		if err := json.Unmarshal([]byte(stored), &k); err != nil {
			t.Fatal(err)
		}
		for i, got := range hours(&k) {
			if got != want[i] {
				t.Errorf("%s: update %d comes after %d h, want %d", stored, i+1, got, want[i])
			}
		}
	}
}

func TestAScheduleOfUpdatesIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		gaps []time.Duration
		want string
	}{
		"as it should be":     {[]time.Duration{time.Hour, time.Hour, 2 * time.Hour}, ""},
		"without a time":      {[]time.Duration{0}, "keep_warm.schedule[0]: is no time to wait"},
		"ever more often":     {[]time.Duration{2 * time.Hour, time.Hour}, "keep_warm.schedule[1]: 1h0m0s is shorter than 2h0m0s"},
		"back from the start": {[]time.Duration{time.Hour, -time.Hour}, "keep_warm.schedule[1]: is no time to wait"},
	} {
		p := escalate.DefaultPolicy()
		p.KeepWarm.After, p.KeepWarm.Schedule = 0, c.gaps
		if err := p.Validate(); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestQuietHoursAreReadAndChecked(t *testing.T) {
	for quiet, want := range map[string]string{
		"20:00-08:00": "08:00-20:00", "00:00-07:30": "07:30-00:00", "22:00-24:00": "00:00-22:00", "12:00-14:00": "14:00-12:00",
	} {
		p := escalate.DefaultPolicy()
		h := escalate.Hours{Holidays: "de-by"}
		h.Zone = "Europe/Berlin"
		p.Calendars = map[string]escalate.Hours{"munich": h}
		if err := json.Unmarshal([]byte(`{"after":14400000000000,"cap":3,"calendar":"munich","quiet":"`+quiet+`"}`), &p.KeepWarm); err != nil {
			t.Fatal(err)
		}
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		hours := p.WarmHours(&escalate.Content{}, "")
		if len(hours) != 2 || hours[0].Holidays != "de-by" || hours[1].Zone != "Europe/Berlin" || hours[1].Week.Sun[0].String() != want {
			t.Errorf("quiet %s: %+v, want %s", quiet, hours, want)
		}
		copied, err := p.Clone()
		if err != nil || copied.KeepWarm.Quiet != p.KeepWarm.Quiet {
			t.Errorf("%+v, %v after a copy", copied, err)
		}
	}
	for want, change := range map[string]func(*escalate.Policy){
		"keep_warm.calendar: there is no calendar":     func(p *escalate.Policy) { p.KeepWarm.Calendar = "moon" },
		"keep_warm.quiet: counts in the zone":          func(p *escalate.Policy) { p.KeepWarm.Quiet = calendar.Shift{From: 60, To: 120} },
		"keep_warm.customers[0]: matches by 2":         func(p *escalate.Policy) { p.KeepWarm.Customers = []escalate.WarmRule{{Email: ".jp", Plan: "gold"}} },
		"keep_warm.customers[0].calendar: there is no": func(p *escalate.Policy) { p.KeepWarm.Customers = []escalate.WarmRule{{Email: ".jp", Calendar: "moon"}} },
		"keep_warm.customers[0].calendar: \"all\" has no time": func(p *escalate.Policy) {
			munich := escalate.Hours{}
			munich.Zone = "Europe/Berlin"
			p.Calendars = map[string]escalate.Hours{"all": {}, "munich": munich}
			p.KeepWarm.Calendar, p.KeepWarm.Quiet = "munich", calendar.Shift{From: 60, To: 120}
			p.KeepWarm.Customers = []escalate.WarmRule{{Email: ".jp", Calendar: "all"}}
		},
		"keep_warm.hold_out: 0.6 is not":  func(p *escalate.Policy) { p.KeepWarm.HoldOut = 0.6 },
		"keep_warm.hold_out: -0.1 is not": func(p *escalate.Policy) { p.KeepWarm.HoldOut = -0.1 },
		"keep_warm.quiet: counts in the zone of calendar": func(p *escalate.Policy) {
			p.Calendars = map[string]escalate.Hours{"all": {}}
			p.KeepWarm.Calendar, p.KeepWarm.Quiet = "all", calendar.Shift{From: 60, To: 120}
		},
		"keep_warm.quiet: 00:00-24:00 leaves no": func(p *escalate.Policy) {
			p.Calendars = map[string]escalate.Hours{"all": {}}
			p.KeepWarm.Calendar, p.KeepWarm.Quiet = "all", calendar.AllDay
		},
	} {
		p := escalate.DefaultPolicy()
		change(p)
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestCustomersHaveTheHoursOfWhereTheyLive(t *testing.T) {
	p := escalate.DefaultPolicy()
	p.Calendars = map[string]escalate.Hours{}
	for _, zone := range []string{"Europe/Berlin", "Asia/Tokyo", "America/New_York"} {
		h := escalate.Hours{}
		h.Zone, h.Week = zone, calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 17 * 60})
		p.Calendars[zone] = h
	}
	p.KeepWarm.Calendar = "Europe/Berlin"
	p.KeepWarm.Customers = []escalate.WarmRule{
		{Email: "Ina@Acme.jp", Calendar: "Europe/Berlin"},
		{Email: "@acme.example", Calendar: "Asia/Tokyo"},
		{Email: ".JP", Calendar: "Asia/Tokyo"},
		{Plan: "gold", Calendar: "America/New_York"},
		{Tag: "apac", Calendar: "Asia/Tokyo"},
		{Language: "ja", Calendar: "Asia/Tokyo"},
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, all := range map[string][]escalate.Content{
		"Europe/Berlin": {{}, {Customer: escalate.Customer{Email: "ina@acme.JP", Plan: "gold"}}, {Customer: escalate.Customer{Email: "x@notacme.example"}}},
		"Asia/Tokyo": {
			{Customer: escalate.Customer{Email: "Per@acme.jp"}},
			{Customer: escalate.Customer{Email: "per@ACME.example", Plan: "gold"}},
			{Tags: []string{"APAC"}},
			{Customer: escalate.Customer{Tags: []string{"apac"}}},
			{Subject: "in Japanese"},
		},
		"America/New_York": {{Customer: escalate.Customer{Plan: "Gold", Email: "per@x.example"}}},
	} {
		for i := range all {
			lang := map[bool]string{true: "ja"}[all[i].Subject != ""]
			if got := p.WarmHours(&all[i], lang); len(got) != 1 || got[0].Zone != want {
				t.Errorf("%+v: %+v, want %s", all[i].Customer, got, want)
			}
		}
	}
}

func TestWhoIsNeverHeldOut(t *testing.T) {
	p := escalate.DefaultPolicy()
	p.KeepWarm.HoldOut = 0.5
	ticket := func(change func(*escalate.Ticket)) *escalate.Ticket {
		tk := &escalate.Ticket{ID: "t1", Decision: &escalate.Decision{Reasons: []escalate.Reason{{Kind: escalate.HumanRequest}}}, Handoff: &escalate.Handoff{}}
		change(tk)
		return tk
	}
	for name, change := range map[string]func(*escalate.Ticket){
		"a VIP":        func(tk *escalate.Ticket) { tk.Decision.Reasons[0].Kind = escalate.VIP },
		"who is angry": func(tk *escalate.Ticket) { tk.Decision.Reasons[0].Kind = escalate.Anger },
		"at high risk": func(tk *escalate.Ticket) { tk.Decision.Reasons[0].Kind = escalate.HighRisk },
		"a threat":     func(tk *escalate.Ticket) { tk.Decision.Reasons[0].Kind = escalate.Safety },
		"a reason":     func(tk *escalate.Ticket) { tk.Handoff.Wait.Reason = escalate.WaitPayment },
		"a moved time": func(tk *escalate.Ticket) {
			tk.Replies = []escalate.Reply{{Purpose: escalate.PurposeAck, State: escalate.ReplySent, Until: t0}}
		},
		"nothing known": func(tk *escalate.Ticket) { tk.Decision = nil },
	} {
		if in, held := p.InTrial(ticket(change)); in || held {
			t.Errorf("%s takes part", name)
		}
	}
	held := 0
	for i := range 1000 {
		tk := ticket(func(tk *escalate.Ticket) { tk.ID = escalate.TicketID(strconv.Itoa(i)) })
		in, out := p.InTrial(tk)
		if again, same := p.InTrial(tk); !in || again != in || same != out {
			t.Fatalf("ticket %d takes part %v, and is held out by chance", i, in)
		}
		if out {
			held++
		}
	}
	if held < 440 || held > 560 {
		t.Errorf("%d of 1000 are held out, at a share of a half", held)
	}
	p.KeepWarm.HoldOut = 0
	if in, _ := p.InTrial(ticket(func(*escalate.Ticket) {})); in {
		t.Error("held out although nothing is to be")
	}
}
