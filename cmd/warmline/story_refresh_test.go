package main

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/localslack"
	"warmline/internal/localslack/slackstory"
)

// Three people press three times a second between them, in a channel to which transcripts are still being posted, and Slack holds
// everybody to its limits.
func TestACardShowsWithinASecondWhatWasPressedWhateverElseIsPosted(t *testing.T) {
	journals := t.TempDir()
	tell(t, func(s *story) {
		const presses, apart, soon = 18, time.Second / 3, time.Second
		var tickets []*ticket
		for range presses {
			tickets = append(tickets, s.customer("Ina").asksForAPerson())
		}
		s.later(2 * time.Minute)
		var cards []*slackstory.Card
		for _, one := range tickets {
			cards = append(cards, s.card("support", one))
		}
		for i, card := range cards {
			if i%3 == 0 {
				tickets[(i+5)%presses].Customer("And what about my parcel?")
			}
			card.Click("Claim").As([]string{"ana", "ben", "chloe"}[i%3])
			s.later(apart)
		}
		s.later(time.Minute)
		for card, took := range refreshed(t, s.slackJournal) {
			if took > soon {
				t.Errorf("the card at %s showed its owner %v after the press", card, took)
			}
		}
		if n := len(refreshed(t, s.slackJournal)); n != presses {
			t.Errorf("%d cards were claimed, want %d", n, presses)
		}
	}, func(at *setting) { at.journals, at.limits = journals, true })
}

// refreshed is how long each card took from the acknowledgement of its claim until it showed it, by the workspace's journal.
func refreshed(t *testing.T, journal string) map[desk.Place]time.Duration {
	t.Helper()
	records, err := localslack.ReadJournal(journal)
	if err != nil {
		t.Fatal(err)
	}
	acked, took := map[desk.Place]time.Time{}, map[desk.Place]time.Duration{}
	for _, r := range records {
		switch {
		case r.Kind == localslack.InteractionAcked && r.Interaction.ActionID == string(desk.ActClaim):
			at := desk.Place{Channel: r.Interaction.Channel, TS: r.Interaction.MessageTS}
			acked[at], took[at] = r.At, time.Hour // until it is seen
		case r.Kind == localslack.MessageUpdated && strings.Contains(r.Message.Text, "Claimed"):
			at := desk.Place{Channel: r.Message.Channel, TS: r.Message.TS}
			if begun, ok := acked[at]; ok {
				took[at] = min(took[at], r.At.Sub(begun))
			}
		}
	}
	return took
}
