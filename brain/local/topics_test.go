package local

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

func topicsOf(texts ...string) []string {
	tk := &escalate.Ticket{}
	for i, s := range texts {
		role := escalate.RoleCustomer
		if s[0] == 'a' {
			role = escalate.RoleAgent
		}
		tk.Content.Messages = append(tk.Content.Messages, escalate.Message{ID: escalate.MessageID(rune('1' + i)), Role: role, Text: s[3:], Public: true})
	}
	return readThread(tk).topics()
}

func TestTopicsAreTheSeparateAsksOfTheNewestTurn(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Where is my parcel? When will it arrive?", []string{"Where is my parcel?"}},
		{"My card was declined. Why did this happen? What can I do?", []string{"Why did this happen?"}},
		{"How do I reset the hub? And can I get an invoice for my last order?", []string{"How do I reset the hub?", "And can I get an invoice for my last order?"}},
		{"I have two questions. Can you help me? Where is order 48211? How do I change my delivery address?", []string{"Where is order 48211?", "How do I change my delivery address?"}},
		{"1. When does the sensor ship?\n2. Is the sensor waterproof?\n3. Please send an invoice.", []string{"When does the sensor ship?", "Is the sensor waterproof?", "Please send an invoice."}},
		{"I did this:\n1. I unplugged the hub.\n2. I waited for ten minutes.\nWhat now?", []string{"What now?"}},
		{"Please refund order 48211. Also, the app crashes whenever it opens the map.", []string{"Please refund order 48211.", "The app crashes whenever it opens the map."}},
		{"Please cancel my order. Please let me know if you need anything else.", []string{"Please cancel my order."}},
		{"Wie setze ich den Hub zurück? Außerdem brauche ich eine Rechnung mit Firmenadresse.", []string{"Wie setze ich den Hub zurück?", "Außerdem brauche ich eine Rechnung mit Firmenadresse."}},
		{"Où est mon colis ? Par ailleurs, pouvez-vous modifier mon adresse de facturation ?", []string{"Où est mon colis ?", "Par ailleurs, pouvez-vous modifier mon adresse de facturation ?"}},
		{"¿Dónde está mi paquete? ¿Cuándo llega mi paquete?", []string{"¿Dónde está mi paquete?"}},
		{"我的包裹在哪里？什么时候到？", []string{"我的包裹在哪里？"}},
		{"The hub is dead.", nil},
		{"Thank you very much!", nil},
	} {
		if diff := cmp.Diff(c.want, topicsOf("c: "+c.text)); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
	if got := topicsOf("c: Where is my parcel?", "a: It is on its way.", "c: Can you change the address as well?"); len(got) != 1 || !strings.Contains(got[0], "address") {
		t.Errorf("what was asked in an earlier turn counts: %q", got)
	}
	if got := topicsOf("c: Where is my parcel?", "a: It is on its way."); got != nil {
		t.Errorf("what was answered is open: %q", got)
	}
	if got := topicsOf("c: " + strings.Repeat("1. Where is the alpha parcel number seven?\n2. Please cancel the beta contract.\n", 20)); len(got) != maxTopics {
		t.Errorf("%d topics, want %d", len(got), maxTopics)
	}
}
