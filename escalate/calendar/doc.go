// Package calendar counts working time: when people work, when something is due, how much of its time is used.
//
// Hours are written down, a Calendar is what is made of them, and a Clock is one target's life as facts. A first answer
// within four working hours, asked for on a Friday at 16:00:
//
//	hours := calendar.Hours{Week: calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 17 * 60})}
//	c, err := calendar.New(hours, berlin)
//	due := c.Due(friday, 4*time.Hour) // Monday, 12:00
//
// The package is pure: the time, the zone and the public holidays are arguments.
//
// # The rules
//
// A calendar is open whenever at least one shift is on. Shifts that overlap are merged: an hour counts once.
//
// A shift belongs to the date on which it begins, and so does what closes that date. The night shift that begins on the eve of
// a holiday goes on until its end; that of the holiday itself does not begin.
//
// A shift begins and ends when the clock on the wall shows its time, or a later one, for the first time. Where clocks
// go forward over it, that is the moment of the change. Where they go back, the hour that is shown twice is worked twice:
// elapsed time counts. Of a date that a zone skipped altogether (Apia, 30 December 2011) only what reaches into the next one
// is worked.
package calendar
