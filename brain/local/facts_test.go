package local

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

func factsOf(text string) facts {
	tk := &escalate.Ticket{}
	tk.Content.Messages = []escalate.Message{{ID: "1", Role: escalate.RoleCustomer, Public: true, Text: text}}
	return readFacts(readThread(tk), map[string]bool{"SP": true})
}

// Each kind of fact as it comes in the ten languages.
func TestFactsAreReadInTenLanguages(t *testing.T) {
	for _, c := range []struct {
		text         string
		given, shown []string
	}{
		{"My order number is 48211.", []string{"order number"}, []string{"order 48211"}},
		{"Meine Bestellnummer lautet 48211.", []string{"order number"}, []string{"order 48211"}},
		{"Ma commande n° 48211 n'est pas arrivée.", []string{"order number"}, []string{"order 48211"}},
		{"Mi pedido 48211 no llegó.", []string{"order number"}, []string{"order 48211"}},
		{"A minha encomenda 48211 não chegou.", []string{"order number"}, []string{"order 48211"}},
		{"Il mio ordine 48211 non è arrivato.", []string{"order number"}, []string{"order 48211"}},
		{"Mijn bestelling 48211 is er niet.", []string{"order number"}, []string{"order 48211"}},
		{"Moje zamówienie 48211 nie dotarło.", []string{"order number"}, []string{"order 48211"}},
		{"注文番号は48211です。", []string{"order number"}, []string{"order 48211"}},
		{"我的订单号是48211。", []string{"order number"}, []string{"order 48211"}},

		{"Serial number HB20417C4", []string{"serial number"}, []string{"serial number HB20417C4"}},
		{"Die Seriennummer ist 2041774", []string{"serial number"}, []string{"serial number 2041774"}},
		{"Numéro de série : 2041774", []string{"serial number"}, []string{"serial number 2041774"}},
		{"Numer seryjny 2041774", []string{"serial number"}, []string{"serial number 2041774"}},
		{"序列号2041774", []string{"serial number"}, []string{"serial number 2041774"}},
		{"The IMEI is 356938035643809", []string{"serial number"}, []string{"serial number 356938035643809"}},
		{"Invoice 2041774 is wrong.", []string{"invoice number"}, []string{"invoice 2041774"}},
		{"Die Rechnung 2041774 stimmt nicht.", []string{"invoice number"}, []string{"invoice 2041774"}},
		{"Tracking number 00340434161094", []string{"tracking number"}, []string{"tracking number 00340434161094"}},
		{"Meine Kundennummer: 2041774", []string{"customer number"}, []string{"customer number 2041774"}},

		{"I paid $49.99.", []string{"amount"}, []string{"$49.99"}},
		{"I paid EUR 1,249.00, twice", []string{"amount"}, []string{"EUR 1,249.00"}},
		{"Ich habe 49,90 Euro bezahlt", []string{"amount"}, []string{"49,90 Euro"}},
		{"Paguei R$ 49,90", []string{"amount"}, []string{"R$ 49,90"}},
		{"Zapłaciłam 120 zł", []string{"amount"}, []string{"120 zł"}},
		{"1200円を払いました", []string{"amount"}, []string{"1200円"}},
		{"付了49元", []string{"amount"}, []string{"49元"}},

		{"It came on the 3rd of August 2026.", []string{"date"}, []string{"3rd of August 2026"}},
		{"It came on August 3rd", []string{"date"}, []string{"August 3rd"}},
		{"Seit dem 3. März 2026", []string{"date"}, []string{"3. März 2026"}},
		{"Seit dem 3.8. offline", []string{"date"}, []string{"3.8"}},
		{"depuis le 1er août", []string{"date"}, []string{"1er août"}},
		{"el 3 de agosto de 2026", []string{"date"}, []string{"3 de agosto de 2026"}},
		{"em 3 de março", []string{"date"}, []string{"3 de março"}},
		{"il 3 agosto 2026", []string{"date"}, []string{"3 agosto 2026"}},
		{"op 3 maart", []string{"date"}, []string{"3 maart"}},
		{"3 sierpnia 2026", []string{"date"}, []string{"3 sierpnia 2026"}},
		{"2026年8月3日に届きました", []string{"date"}, []string{"2026年8月3日"}},
		{"8月3号", []string{"date"}, []string{"8月3号"}},

		{"Ein Foto ist im Anhang.", []string{"photo"}, nil},
		{"Vous trouverez une capture d'écran en pièce jointe.", []string{"photo"}, nil},
		{"Adjunto una captura de pantalla.", []string{"photo"}, nil},
		{"Segue uma imagem em anexo.", []string{"photo"}, nil},
		{"In allegato una schermata.", []string{"photo"}, nil},
		{"Een schermafbeelding zit in de bijlage.", []string{"photo"}, nil},
		{"W załączeniu zrzut ekranu.", []string{"photo"}, nil},
		{"スクショを添付します。", []string{"photo"}, nil},
		{"附上截图。", []string{"photo"}, nil},
		{"Ich nutze Firefox 128.", []string{"device or browser"}, []string{"Firefox 128"}},
	} {
		f := factsOf(c.text)
		if diff := cmp.Diff(c.given, f.given); diff != "" {
			t.Errorf("%q gives: %s", c.text, diff)
		}
		if diff := cmp.Diff(c.shown, f.shown); diff != "" {
			t.Errorf("%q shows: %s", c.text, diff)
		}
	}
}

// The mail that the customer answers is ours: of what stands in it only the order counts.
func TestFactsOfAQuotedMailAreNotTheCustomers(t *testing.T) {
	f := factsOf("Where is it?\n\nOn Mon, Aug 3, 2026 at 10:00 AM Ben Ott <ben@shop.example> wrote:\n> Thank you for your order 48211 of $49.99. Call +49 30 12345678.")
	if diff := cmp.Diff([]string{"order number"}, f.given); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"order 48211"}, f.shown); diff != "" {
		t.Error(diff)
	}
	if f = factsOf("It is order 51000.\n\nOn Mon, Aug 3, 2026 Ben wrote:\n> Your order 48211 has shipped."); !cmp.Equal(f.orders, []string{"51000"}) {
		t.Errorf("orders %q, want the one that the customer named", f.orders)
	}
}

// What only looks like a fact is none.
func TestNumbersOfOtherThingsAreNoFacts(t *testing.T) {
	for _, text := range []string{
		"It broke in 2016 and again in 2019.", "The Router ISR4331 is down.", "The DeskJet 37551 does not print.", "Update KB4048955 fails.", "I am on version 11.1.2 now.", "I am on v1.0.64.399.g4637b02a.",
		"My phone is on 4.1. What now?", "It shows 45/90/12 there.", "I use version 8.4.26 here.", "There are 1500 of them.", "The file is report_20417744.txt",
	} {
		f := factsOf(text)
		if len(f.orders) > 0 || len(f.shown) > 0 {
			t.Errorf("%q: orders %q, shown %q", text, f.orders, f.shown)
		}
	}
}

// Account and card numbers are noted as given and stand in no text that people or logs read.
func TestAccountAndCardNumbersAreNeverShown(t *testing.T) {
	for text, want := range map[string]string{
		"Please refund to DE89 3704 0044 0532 0130 00 today?":          "bank details",
		"Please refund to de89370400440532013000 today?":               "bank details",
		"Please refund to GB29-NWBK-6016-1331-9268-19 today?":          "bank details",
		"Can you charge 4111 1111 1111 1111 again, it expires in May?": "card number",
		"Can you charge 4111111111111111 again?":                       "card number",
		"Can you charge 3782-822463-10005 or 5500-0000-0000-0004?":     "card number",
	} {
		tk := &escalate.Ticket{}
		tk.Content.Subject = text
		for i, role := range []escalate.Role{escalate.RoleCustomer, escalate.RoleBot, escalate.RoleCustomer} {
			tk.Content.Messages = append(tk.Content.Messages, escalate.Message{ID: escalate.MessageID(rune('1' + i)), Role: role, Public: true, Text: text})
		}
		th := readThread(tk)
		f := readFacts(th, nil)
		if len(f.given) == 0 || f.given[0] != want {
			t.Errorf("%q gives %q, want %s", text, f.given, want)
		}
		s := newState(nil, nil)
		st := th.tell(s, &f, "en")
		var told strings.Builder
		told.WriteString(st.summary + st.ask + strings.Join(f.shown, " ") + strings.Join(th.topics(), " "))
		for _, a := range st.attempts {
			told.WriteString(a.Text + a.Reaction)
		}
		for _, part := range []string{"3704", "370400", "6016", "NWBK", "1111", "0000"} {
			if strings.Contains(told.String(), part) {
				t.Errorf("%q is told as %q", text, told.String())
			}
		}
	}
	if got := hide("Order 1234567890123 of 3 August, call +49 30 12345678."); strings.Contains(got, masked) {
		t.Errorf("what is no account is hidden: %q", got)
	}
}

func TestWhatTheCustomerDidIsToldInTenLanguages(t *testing.T) {
	for _, text := range []string{
		"I have already restarted the hub.", "Ich habe den Hub schon neu gestartet.", "J'ai redémarré le hub.", "Ya reinicié el hub.", "Já reiniciei o hub.",
		"Ho riavviato l'hub.", "Ik heb de hub herstart.", "Zrestartowałem hub.", "ハブを再起動しました。", "我重启过了。",
	} {
		th := readThread(&escalate.Ticket{Content: escalate.Content{Messages: []escalate.Message{{ID: "1", Role: escalate.RoleCustomer, Public: true, Text: text}}}})
		if len(th.deeds("en")) != 1 {
			t.Errorf("%q tells nothing that was done", text)
		}
	}
	for _, text := range []string{"I have a question.", "Ich habe ihn noch nicht neu gestartet.", "Where is my parcel?", "我的包裹在哪里"} {
		th := readThread(&escalate.Ticket{Content: escalate.Content{Messages: []escalate.Message{{ID: "1", Role: escalate.RoleCustomer, Public: true, Text: text}}}})
		if len(th.deeds("en")) != 0 {
			t.Errorf("%q tells that something was done", text)
		}
	}
}
