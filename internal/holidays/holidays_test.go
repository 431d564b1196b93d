package holidays_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // so that the zones are the same on every machine

	"github.com/google/go-cmp/cmp"
	"github.com/rickar/cal/v2"

	"warmline/escalate/calendar"
	"warmline/internal/holidays"
)

var update = flag.Bool("update", false, "write the golden file anew")

// weekdays are the holidays of a year from Monday to Friday, as month-day.
func weekdays(t *testing.T, code string, year int) string {
	t.Helper()
	days, err := holidays.Of(code, year, year)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range days {
		at := time.Date(d.Date.Year, d.Date.Month, d.Date.Day, 0, 0, 0, 0, time.UTC)
		if at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
			list = append(list, at.Format("01-02"))
		}
	}
	return strings.Join(list, " ")
}

// These dates were written down by hand, not taken from the library.
func TestHolidaysAreThoseOfTheLaw(t *testing.T) {
	for _, tc := range []struct {
		code string
		year int
		want string
	}{
		{"us", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"},
		{"us", 2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"}, // New Year of 2028 is a Saturday
		{"gb", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"},
		{"gb", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"},
		{"de", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 12-25"},
		{"de-by", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 12-25"},
		{"de-be", 2025, "01-01 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26"},
		{"de-be", 2027, "01-01 03-08 03-26 03-29 05-06 05-17"},
		{"de-mv", 2027, "01-01 03-08 03-26 03-29 05-06 05-17"},
		{"at", 2026, "01-01 01-06 04-06 05-01 05-14 05-25 06-04 10-26 12-08 12-25"},
		{"ch-zh", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 12-25"},
		{"fr", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25"},
		{"es", 2026, "01-01 01-06 04-03 05-01 10-12 12-08 12-25"},
		{"it", 2027, "01-01 01-06 03-29 06-02 10-04 11-01 12-08"},
		{"be", 2026, "01-01 04-06 05-01 05-14 05-25 07-21 11-11 12-25"},
		{"pl", 2026, "01-01 01-06 04-06 05-01 06-04 11-11 12-24 12-25"},
		{"se", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31"},
		{"no", 2026, "01-01 04-02 04-03 04-06 05-01 05-14 05-25 12-25"},
		{"ie", 2026, "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25"},
		{"gr", 2026, "01-01 01-06 02-23 03-25 04-10 04-13 05-01 06-01 10-28 12-25"}, // Easter is Orthodox
		{"ro", 2026, "01-01 01-02 01-06 01-07 04-10 04-13 05-01 06-01 11-30 12-01 12-25"},
		{"jp", 2026, "01-01 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23"},
		{"br", 2026, "01-01 02-17 04-03 04-21 05-01 06-04 09-07 10-12 11-02 11-20 12-25"},
		{"nz", 2026, "01-01 01-02 02-06 04-03 04-06 04-27 06-01 07-10 10-26 12-25 12-28"},
		{"au-nsw", 2026, "01-01 01-26 04-03 04-06 04-27 06-08 10-05 12-25 12-28"},
		{"za", 2026, "01-01 04-03 04-06 04-27 05-01 06-16 08-10 09-24 12-16 12-25"},
		{"ecb", 2026, "01-01 04-03 04-06 05-01 12-25"},
	} {
		if diff := cmp.Diff(tc.want, weekdays(t, tc.code, tc.year)); diff != "" {
			t.Errorf("%s in %d (-want +got):\n%s", tc.code, tc.year, diff)
		}
	}
}

// What the library says of every code, so that a new version of it cannot change dates unseen.
func TestHolidaysStayAsTheyAre(t *testing.T) {
	var b strings.Builder
	for _, code := range holidays.Codes() {
		for year := 2026; year <= 2028; year++ {
			fmt.Fprintf(&b, "%s %d: %s\n", code, year, weekdays(t, code, year))
		}
	}
	golden := filepath.Join("testdata", "weekdays.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("dates changed (-want +got); if that is right, run with -update:\n%s", diff)
	}
}

func TestOf(t *testing.T) {
	got, err := holidays.Of("US", 2021, 2021) // Independence Day is a Sunday, Christmas a Saturday, and New Year of 2022, too
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range got {
		if m := d.Date.Month; m == time.July || m == time.December {
			list = append(list, d.Date.String()+" "+d.Name)
		}
	}
	want := []string{"2021-07-04 Independence Day", "2021-07-05 Independence Day", "2021-12-24 Christmas Day", "2021-12-25 Christmas Day", "2021-12-31 New Year's Day"}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("moved holidays (-want +got):\n%s", diff)
	}
	both, err := holidays.Of("de", 2008, 2008) // Ascension Day on the first of May
	if err != nil {
		t.Fatal(err)
	}
	shared := calendar.Holiday{Date: calendar.Date{Year: 2008, Month: 5, Day: 1}, Name: "Tag der Arbeit, Christi Himmelfahrt"}
	if both[3] != shared {
		t.Errorf("got %+v, want %+v", both[3], shared)
	}
}

func TestEveryCodeMakesACalendar(t *testing.T) {
	codes := holidays.Codes()
	if len(codes) < 80 {
		t.Fatalf("only %d codes", len(codes))
	}
	for _, code := range codes {
		days, err := holidays.Of(code, holidays.FirstYear, holidays.LastYear)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := calendar.New(calendar.Hours{}, time.UTC, days...); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		for i, d := range days {
			if !d.Date.Valid() || d.Name == "" || i > 0 && days[i-1].Date.Compare(d.Date) >= 0 {
				t.Errorf("%s: %+v", code, d)
			}
		}
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	for code, want := range map[string]string{
		"xx": "list their dates under closed", "": "list their dates under closed", "au": "write au-act, au-nsw,", "de-xx": "write de, de-bb, de-be,",
	} {
		if _, err := holidays.Of(code, 2026, 2026); !errors.Is(err, holidays.ErrUnknownCode) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", code, err, want)
		}
	}
	for _, years := range [][2]int{{2027, 2026}, {1999, 2026}, {2026, 2100}} {
		if _, err := holidays.Of("us", years[0], years[1]); err == nil || errors.Is(err, holidays.ErrUnknownCode) {
			t.Errorf("%v: %v", years, err)
		}
	}
}

func TestNotesAreOfCodesThatThereAre(t *testing.T) {
	noted := 0
	for _, code := range holidays.Codes() {
		if holidays.Note(strings.ToUpper(code)) != "" {
			noted++
		}
	}
	if want := 31; noted != want {
		t.Errorf("%d codes have a note, want %d: one is of no code, or this number is old", noted, want)
	}
	if holidays.Note("us") != "" || holidays.Note("ch-zg") == "" {
		t.Error("the wrong ones are noted")
	}
}

// Sao Paulo had no midnight on the first Sunday of its summer: the library, left alone, counts a day's begin in the machine's zone.
func TestTheMachinesZoneDoesNotMatter(t *testing.T) {
	elsewhere := map[string]string{}
	for _, zone := range []string{"UTC", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range holidays.Codes() {
			cal.DefaultLoc = loc // as if it were the machine's
			days, err := holidays.Of(code, 2009, 2040)
			if err != nil {
				t.Fatal(err)
			}
			said := fmt.Sprint(days)
			if zone == "UTC" {
				elsewhere[code] = said
			} else if said != elsewhere[code] {
				t.Errorf("%s in %s: %s\nelsewhere: %s", code, zone, said, elsewhere[code])
			}
		}
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for year := range 8 {
		all.Go(func() {
			if _, err := holidays.Of("jp", 2020+year, 2030+year); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
