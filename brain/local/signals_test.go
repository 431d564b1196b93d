package local

import (
	"testing"

	"warmline/escalate"
)

// BenchmarkSignals reads the triggers of tickets of about forty words: the part of an assessment that every message pays
// for.
func BenchmarkSignals(b *testing.B) {
	for lang, text := range map[string]string{
		"en": "Hello, I ordered two sensors last week and my parcel has not arrived yet. The tracking page shows nothing at all. Could you please tell me where order 48211 is and when it will be here? I am leaving on Friday evening.",
		"de": "Guten Tag, ich habe letzte Woche zwei Sensoren bestellt und das Paket ist noch nicht angekommen. In der Sendungsverfolgung steht nichts. Können Sie mir bitte sagen, wo die Bestellung 48211 ist und wann sie hier sein wird? Ich verreise am Freitag.",
		"ja": "先週センサーを二つ注文しましたが、荷物がまだ届いていません。追跡ページには何も表示されません。注文番号48211の荷物が今どこにあるのか、いつ届くのか教えてください。金曜日に出かける予定です。",
	} {
		b.Run(lang, func(b *testing.B) {
			s := newState(nil, nil)
			th := readThread(&escalate.Ticket{Content: escalate.Content{Messages: []escalate.Message{
				{ID: "1", Role: escalate.RoleCustomer, Text: text, Public: true},
			}}})
			m := th.feel()
			for b.Loop() {
				th.signals(s, guess{}, m)
			}
		})
	}
}
