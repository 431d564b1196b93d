// Package holidays turns the code of a country or region into the dates of its public holidays:
//
//	days, err := holidays.Of("de-by", 2026, 2028)
//	c, err := calendar.New(hours, munich, days...)
//
// The rules are those of github.com/rickar/cal, with what laws have added since. Note says where they are known to fall short.
package holidays
