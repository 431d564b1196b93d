package calendar_test

import (
	"fmt"
	"time"

	"warmline/escalate/calendar"
)

func ExampleCalendar_Due() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	hours := calendar.Hours{Week: calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 17 * 60})}
	c, err := calendar.New(hours, berlin)
	if err != nil {
		fmt.Println(err)
		return
	}
	friday := time.Date(2026, 12, 4, 16, 0, 0, 0, berlin)
	fmt.Println(c.Due(friday, 4*time.Hour).Format("Monday, 15:04"))
	// Output: Monday, 12:00
}

func ExampleClock() {
	started := time.Date(2026, 12, 4, 16, 0, 0, 0, time.UTC)
	c := calendar.Clock{Started: started, Terms: calendar.Terms{Budget: 4 * time.Hour}} // around the clock
	c.Pause(started.Add(time.Hour), calendar.PausePending)
	c.Resume(started.Add(3*time.Hour), calendar.PausePending)
	r, err := c.Read(started.Add(4*time.Hour), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.State, r.Left, r.Deadline.Format("15:04"))
	// Output: running 2h0m0s 22:00
}
