package escalate_test

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

// informedTicket is a ticket whose customer was sent an acknowledgement, and then wrote.
func informedTicket(texts ...string) *escalate.Ticket {
	tk := &escalate.Ticket{Replies: []escalate.Reply{{ID: "a1", Purpose: escalate.PurposeAck}, {ID: "r1", Purpose: escalate.PurposeHuman}}}
	tk.Content.Messages = []escalate.Message{{ID: "m1", Role: escalate.RoleBot, Public: true, Marker: "a1", At: t0}}
	for i, text := range texts {
		tk.Content.Messages = append(tk.Content.Messages, escalate.Message{Role: escalate.RoleCustomer, Public: true, Text: text, At: t0.Add(time.Duration(i+1) * time.Minute)})
	}
	return tk
}

func TestCustomersStopUpdatesInTheirOwnWords(t *testing.T) {
	for _, said := range []string{
		"Please stop the updates.", "no more updates, thanks", "Hi,\n\nstop sending me these messages until you know more!\n\nIna",
		"I know. I don't need any more updates.", "Please, no more updates!\n> stop the press",
		"Bitte keine Updates mehr.", "Ich brauche keine Zwischenstände, danke.", "Schicken Sie mir keine weiteren Updates, bis es etwas Neues gibt!",
		"Plus de mises à jour, merci.", "Ne m'envoyez plus ces messages.",
		"Por favor, no más avisos.", "No me envíen más actualizaciones.",
		"Basta aggiornamenti, per favore.", "Non mandatemi più aggiornamenti.",
		"Por favor, sem mais atualizações.", "Não me enviem mais atualizações, obrigada.",
		"Geen updates meer, alstublieft.", "Stuur mij geen updates meer.",
		"Żadnych więcej aktualizacji, dziękuję.", "Proszę nie wysyłać więcej aktualizacji.",
		"Ingen flere opdateringer, tak.", "Send mig ikke flere opdateringer.",
		"Inga fler uppdateringar, tack.", "Sluta skicka uppdateringar!",
	} {
		if informedTicket(said).OptedOut() == nil {
			t.Errorf("%q goes on", said)
		}
	}
	for _, said := range []string{
		"Is there any news?", "Thank you for the update.", "Please don't stop the updates.", "Why no more updates?", "Why no more updates",
		"Please keep me informed.", "No more updates from your side? I am still waiting.",
		"How do I stop the updates of the Hub at night? It reboots and the sensors are gone.",
		"Since last week the Hub gets no more updates and shows a red light all the time.",
		"My Hub installs something every night. I tried to stop the updates in the app, but the switch jumps back, and then everything is offline for an hour.",
		"Bitte stoppen Sie die Updates nicht.", "> please stop the updates\nWho wrote this", "", strings.Repeat("no more updates ", 2000),
		"I was told that there are no more updates for my model since 2019",
	} {
		if m := informedTicket(said).OptedOut(); m != nil {
			t.Errorf("%q stops updates", said)
		}
	}
}

func TestWhoHasTheLastWordOnUpdates(t *testing.T) {
	const stop = "Please stop the updates."
	for name, c := range map[string]struct {
		change func(*escalate.Ticket)
		want   bool
	}{
		"they asked":                  {func(*escalate.Ticket) {}, true},
		"an agent wrote it":           {func(tk *escalate.Ticket) { tk.Content.Messages[1].Role = escalate.RoleAgent }, false},
		"it is an inside note":        {func(tk *escalate.Ticket) { tk.Content.Messages[1].Public = false }, false},
		"a machine wrote it":          {func(tk *escalate.Ticket) { tk.Content.Messages[1].Auto = true }, false},
		"before we had informed them": {func(tk *escalate.Ticket) { tk.Content.Messages[0].Marker = "" }, false},
		"only a person had answered":  {func(tk *escalate.Ticket) { tk.Content.Messages[0].Marker = "r1" }, false},
		"they wrote on": {func(tk *escalate.Ticket) {
			tk.Content.Messages = append(tk.Content.Messages, informedTicket("Thanks.").Content.Messages[1])
		}, true},
		"an agent turned them on since": {func(tk *escalate.Ticket) { tk.Handoff = &escalate.Handoff{UpdatesOn: t0.Add(time.Hour)} }, false},
		"an agent had turned them on":   {func(tk *escalate.Ticket) { tk.Handoff = &escalate.Handoff{UpdatesOn: t0} }, true},
	} {
		tk := informedTicket(stop)
		c.change(tk)
		if got := tk.NoUpdates(); got != c.want {
			t.Errorf("%s: stopped %v", name, got)
		}
	}
	tagged := informedTicket()
	tagged.Content.Tags = []string{escalate.TagNoUpdates}
	if !tagged.NoUpdates() {
		t.Error("the tag does not stop them")
	}
}

func FuzzOptOut(f *testing.F) {
	for _, s := range []string{"Please stop the updates.", "> x\nno more updates!", "¿no más avisos?", "\xff stop updates"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if informedTicket(text).OptedOut() != nil && strings.Count(text, " ") > 2000 {
			t.Errorf("a long message stops updates: %q", text)
		}
	})
}
