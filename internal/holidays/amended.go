package holidays

import (
	"time"

	"github.com/rickar/cal/v2"
)

// amended holds the holidays of laws that are younger than the library's rules, by code.
var amended = map[string][]*cal.Holiday{
	"au-nsw": {listed("Additional Day for Anzac Day", "2026-04-27", "2027-04-26")},
	"br":     {since(2024, "Dia Nacional de Zumbi e da Consciência Negra", time.November, 20)},
	"de-be":  {listed("Tag der Befreiung", "2020-05-08", "2025-05-08"), listed("Jahrestag des 17. Juni 1953", "2028-06-17")},
	"de-mv":  {since(2023, "Frauentag", time.March, 8)},
	"it":     {since(2026, "San Francesco d'Assisi", time.October, 4)},
	"nz": {listed(
		"Matariki", // Te Kāhui o Matariki Public Holiday Act 2022, schedule 1
		"2022-06-24", "2023-07-14", "2024-06-28", "2025-06-20", "2026-07-10", "2027-06-25", "2028-07-14", "2029-07-06",
		"2030-06-21", "2031-07-11", "2032-07-02", "2033-06-24", "2034-07-07", "2035-06-29", "2036-07-18", "2037-07-10",
		"2038-06-25", "2039-07-15", "2040-07-06", "2041-07-19", "2042-07-11", "2043-07-03", "2044-06-24", "2045-07-07",
		"2046-06-29", "2047-07-19", "2048-07-03", "2049-06-25", "2050-07-15", "2051-06-30", "2052-06-21",
	)},
	"pl": {since(2025, "Wigilia Bożego Narodzenia", time.December, 24)},
	"ro": {since(2024, "Boboteaza", time.January, 6), since(2024, "Sfântul Ioan Botezătorul", time.January, 7)},
}

// since is a holiday on the same date of every year from the first one on.
func since(year int, name string, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: name, StartYear: year, Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// listed is a holiday of which the law gives the dates; in a year without one there is none.
func listed(name string, dates ...string) *cal.Holiday {
	return &cal.Holiday{Name: name, Func: func(_ *cal.Holiday, year int) time.Time {
		for _, date := range dates {
			if t, err := time.Parse(time.DateOnly, date); err == nil && t.Year() == year {
				return t
			}
		}
		return time.Time{}
	}}
}
