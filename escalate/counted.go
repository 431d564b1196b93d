package escalate

import "strconv"

// Counted says how many there are of something: Counted(1, "ticket", "tickets") is "1 ticket".
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
