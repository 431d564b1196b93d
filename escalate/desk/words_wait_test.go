package desk

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

var blank = regexp.MustCompile(`\{[a-z]+\}`)

// Each wording of an update has the same blanks in every language, and no language is missing.
func TestEveryLanguageSaysTheSameOfAWait(t *testing.T) {
	languages := slices.Sorted(maps.Keys(stillOpen))
	for name, c := range map[string]struct {
		texts  map[string]string
		blanks string
	}{
		"still open": {stillOpen, "{since} {team}"}, "still open again": {stillOpenAgain, "{since} {team}"},
		"claimed": {claimedBy, "{name} {since}"}, "claimed again": {claimedByAgain, "{name} {since}"},
		"waiting": {waitingFor, "{from} {since} {what}"}, "waiting again": {waitingForAgain, "{from} {since} {what}"},
		"hear by": {hearBy, "{by}"}, "no later": {noLater, "{by}"}, "too late": {tooLate, "{told}"}, "as of": {asOf, "{now}"},
		"acknowledged": {acks, "{team}"}, "hours": {weAreHere, "{hours}"}, "closed": {closedNow, "{opens}"}, "address": {askEmail, ""},
		"order": {askOrder, ""}, "one moment": {oneMoment, ""}, "days": {weekdays, ""},
	} {
		if got := slices.Sorted(maps.Keys(c.texts)); !slices.Equal(got, languages) {
			t.Errorf("%s: languages %v, want %v", name, got, languages)
		}
		for lang, text := range c.texts {
			found := blank.FindAllString(text, -1)
			slices.Sort(found)
			if got := strings.Join(found, " "); got != c.blanks {
				t.Errorf("%s, %s: blanks %s, want %s", name, lang, got, c.blanks)
			}
		}
	}
	for _, r := range escalate.WaitReasons {
		if got := slices.Sorted(maps.Keys(waitedFor[r])); !slices.Equal(got, languages) {
			t.Errorf("reason %s: languages %v, want %v", r, got, languages)
		}
	}
}

func TestAnUpdateSaysWhatIsSetAndNoMore(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	berlin := time.FixedZone("CET", 3600)
	wait := escalate.Wait{Reason: escalate.WaitPayment, Since: now.Add(-time.Hour), Until: now.Add(52 * time.Hour), By: "U1"}
	timeless, past := wait, wait
	timeless.Until, past.Until = time.Time{}, now.Add(-time.Minute)
	for name, c := range map[string]struct {
		u     update
		want  string
		until time.Time
	}{
		"nobody has it": {update{}, "Your request of 2026-03-02 is still with Lumen. Nobody has forgotten it; you will hear from us here.", time.Time{}},
		"an owner":      {update{owner: "Ana"}, "Ana is working on your request of 2026-03-02. You will hear from us here.", time.Time{}},
		"a reason":      {update{owner: "Ana", wait: timeless}, "About your request of 2026-03-02: we have been waiting for our payment provider since 2026-03-03.", time.Time{}},
		"a time": {
			update{wait: wait},
			"About your request of 2026-03-02: we have been waiting for our payment provider since 2026-03-03. You will hear from us by 2026-03-05 14:00 (UTC+1).", wait.Until,
		},
		"a time that passed": {update{wait: past}, "About your request of 2026-03-02: we have been waiting for our payment provider since 2026-03-03.", time.Time{}},
		"a time not kept": {
			update{wait: timeless, late: now.Add(-time.Minute)},
			"We said that you would hear from us by 2026-03-03 09:59 (UTC+1). It takes longer than we thought, and we are sorry. " +
				"About your request of 2026-03-02: we have been waiting for our payment provider since 2026-03-03.",
			time.Time{},
		},
		"in German": {
			update{lang: "de", wait: wait},
			"Zu Ihrer Anfrage vom 2026-03-02: Wir warten seit dem 2026-03-03 auf unseren Zahlungsdienstleister. Sie hören bis 2026-03-05 14:00 (UTC+1) von uns.", wait.Until,
		},
	} {
		c.u.team, c.u.since, c.u.zone, c.u.now = "Lumen", now.Add(-24*time.Hour), berlin, now
		got, until := c.u.text(false, false)
		if got != c.want || !until.Equal(c.until) {
			t.Errorf("%s: got %q, until %v", name, got, until)
		}
		if again, _ := c.u.text(true, true); again == got || blank.MatchString(again+got) {
			t.Errorf("%s: the second wording is %q", name, again)
		}
	}
}

func TestNoTwoUpdatesOfATicketAreTheSame(t *testing.T) {
	u := &update{team: "Lumen", zone: time.UTC, now: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)}
	tk := &escalate.Ticket{}
	said := map[string]bool{}
	for i := range 9 {
		text, _ := u.different(tk)
		if said[text] || text == "" {
			t.Fatalf("update %d was said before: %q", i+1, text)
		}
		said[text], u.now = true, u.now.Add(time.Hour)
		tk.Replies = append(tk.Replies, escalate.Reply{Purpose: escalate.PurposeWarm, State: escalate.ReplySent, Hash: hashOf(text)})
		tk.Replies = append(tk.Replies, escalate.Reply{Purpose: escalate.PurposeWarm, State: escalate.ReplyWithdrawn, Hash: "never sent"})
	}
	for range 2 { // both wordings with this minute
		text, _ := u.different(tk)
		tk.Replies = append(tk.Replies, escalate.Reply{Purpose: escalate.PurposeWarm, State: escalate.ReplySent, Hash: hashOf(text)})
	}
	if text, _ := u.different(tk); text != "" {
		t.Errorf("nothing new is left to say, but it says %q", text)
	}
}

func TestDistanceFromUTC(t *testing.T) {
	for seconds, want := range map[int]string{0: "UTC", 3600: "UTC+1", -12600: "UTC-3:30", 20700: "UTC+5:45", -1800: "UTC-0:30"} {
		if got := fromUTC(time.Date(2026, 3, 3, 9, 0, 0, 0, time.FixedZone("x", seconds))); got != want {
			t.Errorf("%d: %s, want %s", seconds, got, want)
		}
	}
}
