package card

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
)

// The words change by stage; the time is the reader's own.
func TestACardSaysHowItsDeadlineStands(t *testing.T) {
	at := noon.Add(time.Hour)
	for state, want := range map[calendar.State]string{
		calendar.Running: "Next answer due 20 Nov 13:00 UTC", calendar.DueSoon: "Next answer due soon: 20 Nov 13:00 UTC",
		calendar.Breached: "Next answer overdue since 20 Nov 13:00 UTC", calendar.Paused: "Next answer: the clock stands still",
	} {
		for _, waiting := range []bool{true, false} { // an answered ticket can still have something due
			c := sample()
			c.Due, c.Handoff.Due = at, escalate.Due{At: escalate.At(at), Target: escalate.TargetNextResponse, State: state}
			if state == calendar.Paused {
				c.Due, c.Handoff.Due.At = time.Time{}, 0
			}
			if !waiting {
				c.Waiting = time.Time{}
			}
			m := Draw(c)
			sound(t, m)
			if seen := shown(t, m.Blocks); !strings.Contains(seen, want) || !strings.Contains(m.Text, want) {
				t.Errorf("%s: want %q in\n%s\n%s", state, want, seen, m.Text)
			}
		}
	}
}

func TestAnEndedHandoffHasNoDeadline(t *testing.T) {
	c := sample()
	c.Handoff.State, c.Handoff.Due = escalate.HandoffResolved, escalate.Due{Target: escalate.TargetClaim, State: calendar.Breached}
	if seen := shown(t, Draw(c).Blocks); strings.Contains(seen, "overdue") {
		t.Errorf("it says:\n%s", seen)
	}
}

// A message about many tells everybody by name who has to act, on its first page.
func TestANoticeMentionsPeopleOnceItSaidWhatItIsAbout(t *testing.T) {
	a := &desk.Answer{Text: "80 deadlines are near or missed", Lines: []desk.Line{{Head: "80 deadlines are near or missed"}}, Mentions: []escalate.PersonID{"<!here>", "U0LEA"}}
	for i := range 30 {
		a.Mentions = append(a.Mentions, escalate.PersonID(fmt.Sprintf("U%d", i)))
		a.Lines = append(a.Lines, desk.Line{Head: "#1", Text: strings.Repeat("x ", 300)})
	}
	m := Notice("k", a)
	sound(t, m)
	body := string(marshal(t, m.Blocks))
	if !strings.Contains(body, `"U0LEA"`) || strings.Contains(body, "!here") {
		t.Errorf("mentions: %s", body)
	}
	if n := strings.Count(body, `"type":"user"`); n == 0 || n > mostMentions {
		t.Errorf("%d people are mentioned", n)
	}
}
