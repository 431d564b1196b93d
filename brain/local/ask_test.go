package local_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"warmline/brain"
)

func TestTheAskIsTheCustomersQuestionOrRequest(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	for _, c := range []struct{ subject, text, want string }{
		{"", "Hello,\n\nthe hub is off. how do i turn it on? It is new.", "How do i turn it on?"},
		{"", "Which batteries does it take? AA or AAA? I have both.", "Which batteries does it take? AA or AAA?"},
		{"", "THREE WEEKS and nobody does anything! Give me my money back for MB-47390 today.", "Give me my money back for MB-47390 today."},
		{"Wo ist meine Erstattung?", "Guten Tag,\n\nmeine Rücksendung ist am 9. bei Ihnen angekommen. Auf dem Konto ist noch nichts.", "Wo ist meine Erstattung?"},
		{"Rückgabe", "Guten Tag,\n\nich möchte den Sensor bspw. nächste Woche zurückgeben, z. B. im Laden.", "Ich möchte den Sensor bspw. nächste Woche zurückgeben, z. B. im Laden."},
		{"", "Guten Tag,\n\nder Hub ist seit dem Umzug offline und ich möchte Sie deshalb bitten,\nmir bis Freitag einen neuen zu schicken.", "Der Hub ist seit dem Umzug offline und ich möchte Sie deshalb bitten, mir bis Freitag einen neuen zu schicken."},
		{"", "Bonjour,\n\nmon capteur coûte env. 40 euros, pouvez-vous m'envoyer la facture à M. Dupont ?\n\nMerci", "Mon capteur coûte env. 40 euros, pouvez-vous m'envoyer la facture à M. Dupont ?"},
		{"", "Hola, tengo un problema con el Sr. García... y no sé nada. ¿Cómo lo arreglo?", "¿Cómo lo arreglo?"},
		{"", "Necesito la factura núm. 4711 antes del viernes. Gracias", "Necesito la factura núm. 4711 antes del viernes."},
		{"", "Can you look at https://shop.example/a?b=c.d and tell me approx. how long it takes? Ta", "Can you look at https://shop.example/a?b=c.d and tell me approx. how long it takes?"},
		{"", "iPhone support: does the app run on it?", "iPhone support: does the app run on it?"},
	} {
		tk := ticket("c: " + c.text)
		tk.Content.Subject = c.subject
		if got := assess(t, b, tk).Ask; got != c.want {
			t.Errorf("%q asks\n\t%q, want\n\t%q", c.text, got, c.want)
		}
	}
}

func TestAFarewellAsksNothing(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	for _, bye := range []string{"No, that is all.", "That's everything I need, thank you!", "I need no more help right now.", "No, thank you, I have everything I need. Goodbye!", "Das ist alles, vielen Dank.", "C'est tout, merci."} {
		if got := assess(t, b, ticket("c: Can I change the delivery address?", "b: Yes, in your account.", "c: "+bye)).Ask; got != "Can I change the delivery address?" {
			t.Errorf("%q asks %q", bye, got)
		}
	}
}

func TestALongAskEndsBetweenWords(t *testing.T) {
	long := "Could you please tell me " + strings.Repeat("whether the warehouse ", 12) + "is open?"
	got := assess(t, newBrain(t, brain.Knowledge{}), ticket("c: "+long)).Ask
	head, ok := strings.CutSuffix(got, "…")
	if n := utf8.RuneCountInString(got); !ok || n > 160 || n < 140 || !strings.HasPrefix(long, head+" ") {
		t.Errorf("%d characters: %q", utf8.RuneCountInString(got), got)
	}
}
