package escalate

import "testing"

func TestOneIsCountedAsOne(t *testing.T) {
	for n, want := range []string{"0 jobs are due", "1 job is due", "2 jobs are due"} {
		if got := Counted(n, "job is due", "jobs are due"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
