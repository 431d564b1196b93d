package local

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// core are the languages of which the test set has twenty sentences and more.
var core = strings.Fields("en de fr es pt it nl pl sv da tr ru ja zh ko")

type sentenceOf struct{ lang, text string }

func readSentences(tb testing.TB, name string) []sentenceOf {
	tb.Helper()
	f, err := os.Open("testdata/" + name + ".txt")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []sentenceOf
	in := bufio.NewScanner(f)
	for in.Scan() {
		if lang, text, ok := strings.Cut(in.Text(), " "); ok {
			out = append(out, sentenceOf{lang, text})
		}
	}
	return out
}

// heard counts what became of sentences: named rightly, with certainty, not named, and named wrongly with certainty.
type heard struct{ n, right, sure, doubt, surelyWrong int }

func (h *heard) add(want string, g guess) {
	h.n++
	switch sure := g.lang != "" && g.p >= sureLang; {
	case g.lang == want:
		h.right++
		if sure {
			h.sure++
		}
	case sure:
		h.surelyWrong++
	case g.lang == "":
		h.doubt++
	}
}

func (h heard) String() string {
	n := float64(h.n)
	return fmt.Sprintf("%d: right %.1f %%, right and sure %.1f %%, in doubt %.1f %%, surely wrong %.2f %%", h.n, 100*float64(h.right)/n, 100*float64(h.sure)/n, 100*float64(h.doubt)/n, 100*float64(h.surelyWrong)/n)
}

// The test set is testdata/sentences.txt: two to a dozen words as customers type them, without accents, with slips, in
// capitals, a greeting and no more. No sentence of it is in the profile. When it was first read, 97.8 % of its older part
// (the first 359) and 95.8 % of its newer part were right; greetings, names that are alike everywhere and the marks of
// Spanish came in after the older part was read. testdata/sentences_tuning.txt is what the model's figures and the
// profile's gaps were settled by.
func TestShortSentencesAreRecognised(t *testing.T) {
	for _, set := range []struct {
		name  string
		right int // per cent
	}{{"sentences", 98}, {"sentences_tuning", 97}} {
		t.Run(set.name, func(t *testing.T) {
			all, by := heard{}, map[string]*heard{}
			for _, s := range readSentences(t, set.name) {
				g := identify(s.text)
				if by[s.lang] == nil {
					by[s.lang] = &heard{}
				}
				all.add(s.lang, g)
				by[s.lang].add(s.lang, g)
				if g.lang != s.lang {
					t.Logf("%s taken for %q (%.2f): %s", s.lang, g.lang, g.p, s.text)
				}
			}
			t.Logf("all %v", all)
			for _, l := range slices.Sorted(maps.Keys(by)) {
				t.Logf("%s %v", l, by[l])
			}
			for _, l := range core {
				if h := by[l]; h == nil || h.n < 20 || 100*h.right < 80*h.n {
					t.Errorf("%s: %v", l, h)
				}
			}
			if all.n < 300 || 100*all.right < set.right*all.n || 200*all.surelyWrong > all.n {
				t.Errorf("only %v", all)
			}
		})
	}
}

// A sentence that the profile holds would test memory, not skill.
func TestNoTestSentenceIsInTheProfile(t *testing.T) {
	var profile strings.Builder
	entries, err := files.ReadDir("lexicon")
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "lang_") {
			continue
		}
		data, err := files.ReadFile("lexicon/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		size += len(data)
		for line := range strings.Lines(string(data)) {
			profile.WriteString(" " + strings.Join(slices.Collect(langWords(line)), " ") + " \n")
		}
	}
	for _, s := range readSentences(t, "sentences") {
		words := slices.Collect(langWords(s.text))
		if len(words) >= 3 && strings.Contains(profile.String(), " "+strings.Join(words, " ")+" ") {
			t.Errorf("%s %q is in the profile", s.lang, s.text)
		}
	}
	if size == 0 || size > 200<<10 {
		t.Errorf("the profile has %d bytes", size)
	}
}

func TestWhatSaysNothingHasNoLanguage(t *testing.T) {
	for _, text := range []string{"", "12345", "???", "👍", "AB-1234 / 77", "ok", "OK!", "#4821", "iPhone 15 Pro Max", "Wi-Fi", "https://shop.example/de/wo-ist-es", "ina@kunde.example", "<name>"} {
		if g := identify(text); g.lang != "" && g.p >= 0.6 {
			t.Errorf("%q taken for %v", text, g)
		}
	}
}

// Names are spelt like some language, which says nothing about the message. Half of one language and half of another is
// neither. Languages that are not known here must not be taken for their neighbours.
func TestDoubtIsSaid(t *testing.T) {
	for _, text := range []string{
		"Anna Kowalska", "Jean-Pierre Dubois", "Müller", "Giovanni Rossi", "Lars Svensson", "Nimbus X2", "Hotel Roma", "Madrid Barajas", "Aurora Mini",
		"asdf jkl", "test", "info", "Status?", "no", "si", "de", "problem",
		"hello, mi pedido no llegó, please help", "Dear team, die Lampe ist kaputt and I want my money back, sonst rufe ich an",
		"selamat pagi, pesanan saya belum sampai", "bon dia, on és la meva comanda", "Labas, kur mano užsakymas", "gde je moja porudžbina",
	} {
		if g := identify(text); g.lang != "" && g.p >= sureLang {
			t.Errorf("%q is surely %s (%.2f)", text, g.lang, g.p)
		}
	}
}

// What a device shows or somebody else said is not the customer's language.
func TestQuotationsDoNotCount(t *testing.T) {
	for _, c := range []struct{ lang, text string }{
		{"en", `The display says "Verbindung fehlgeschlagen, bitte versuchen Sie es erneut" when I open it`},
		{"de", "Auf dem Display steht „connection failed, please try again later“ und dann nichts mehr"},
		{"fr", "L'écran affiche « please contact your administrator for help » depuis hier"},
		{"es", `La pantalla dice "your payment could not be processed" y no me deja seguir`},
		{"zh", `屏幕上显示 "connection failed, please try again later" 怎么办`},
	} {
		if g := identify(c.text); g.lang != c.lang || g.p < sureLang {
			t.Errorf("%q taken for %v", c.text, g)
		}
	}
}

// Two words are little: whoever writes them in a language that we know must not be sent away for writing in another.
func TestTwoWordsNeverPassForAnotherLanguage(t *testing.T) {
	for lang, texts := range map[string]string{
		"en": "hi there|good morning|thank you|thanks anyway|any update|any news|help please|please help|refund please|cancel order|order status|wrong size|still waiting|not working|it broke|login failed|reset password|change address|call me|where's mine|invoice copy|no answer|same problem|still nothing|great service|missing part|password reset|delivery date|return label|battery dead|screen cracked|card declined|account locked|good day|nice one|define antonym|tell time|alarm off|pause music|lights out|who knows|say what|set timer",
		"de": "guten Morgen|hallo zusammen|vielen Dank|danke trotzdem|bitte Hilfe|falsche Größe|immer noch|geht nicht|Konto gesperrt|Passwort vergessen|keine Antwort|Rechnung fehlt|Adresse ändern|Bestellung stornieren|wo bleibt|Akku leer|Gerät defekt|nichts passiert|guter Service|Lieferung verspätet|was nun|alles klar",
		"fr": "bonjour madame|bonne journée|merci beaucoup|merci quand même|aide svp|mauvaise taille|toujours rien|compte bloqué|pas reçu|mot oublié|commande annulée|facture manquante|adresse erronée|écran cassé|aucune réponse|remboursement svp|ça marche|bon service|quand arrive",
		"es": "buenos días|muchas gracias|ayuda por|talla equivocada|sigo esperando|no funciona|cuenta bloqueada|contraseña olvidada|pedido cancelado|falta factura|cambiar dirección|pantalla rota|sin respuesta|reembolso porfa|qué pasa|buen servicio",
		"pt": "bom dia|muito obrigado|ajuda por|tamanho errado|continuo esperando|não funciona|conta bloqueada|senha esquecida|pedido cancelado|falta fatura|mudar endereço|tela quebrada|sem resposta|boa tarde|tudo bem|ainda nada",
		"it": "buon giorno|mille grazie|aiuto per|taglia sbagliata|ancora niente|non funziona|account bloccato|password dimenticata|ordine annullato|manca fattura|cambiare indirizzo|schermo rotto|nessuna risposta|buona sera|tutto bene",
		"nl": "goede morgen|hartelijk dank|hulp graag|verkeerde maat|nog niets|werkt niet|account geblokkeerd|wachtwoord vergeten|bestelling annuleren|factuur ontbreekt|adres wijzigen|scherm kapot|geen antwoord|goede service|wat nu",
		"pl": "dzień dobry|bardzo dziękuję|proszę pomóc|zły rozmiar|nadal nic|nie działa|konto zablokowane|zapomniałem hasła|anulować zamówienie|brak faktury|zmiana adresu|pęknięty ekran|bez odpowiedzi|co teraz",
		"ja": "助けて|返品希望|注文確認|まだです|動かない",
		"zh": "你好|退货|没反应|还没到|帮帮我",
	} {
		for text := range strings.SplitSeq(texts, "|") {
			for _, s := range []string{text, strings.ToUpper(text), fold(text) + "!"} {
				if g := identify(s); g.lang != lang && g.lang != "" && g.p >= sureLang {
					t.Errorf("%s %q is surely %s (%.2f)", lang, s, g.lang, g.p)
				}
			}
		}
	}
}

func TestWritingDecidesWhereItCan(t *testing.T) {
	for _, c := range []struct{ lang, text string }{
		{"fa", "سفارش من کجاست چرا نمیرسد"},
		{"ur", "میرا آرڈر کہاں ہے"},
		{"ar", "أين طلبي"},
		{"be", "Дзе мой заказ? Чаму няма адказу, ўсё дрэнна"},
		{"sr", "Где је моја поруџбина, још није стигла"},
		{"uk", "Де мій пакунок?"},
		{"ru", "Где мой пакет, мы ждём"},
		{"ja", "Nimbusが動きません"},
		{"ja", "注文図面 発売 払込"},
		{"zh", "Nimbus 打不开"},
		{"ko", "Nimbus 안돼요"},
		{"en", "The 漢 sign on my keyboard is missing"},
	} {
		if g := identify(c.text); g.lang != c.lang {
			t.Errorf("%q taken for %v, not %s", c.text, g, c.lang)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	for _, s := range readSentences(f, "sentences") {
		f.Add(s.text)
	}
	for _, s := range []string{"\x00\xff", "İİİ ǅ ŉ", "«\n»", "'''''''", "¿¡", strings.Repeat("a'", 3000), "gr" + strings.Repeat("i", 900) + " il suo", "𐍈𐍈𐍈 𝓪𝓫𝓬"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g := identify(text)
		if !(g.p >= 0 && g.p <= 1) || g.lang != "" && len(g.lang) != 2 || g.lang == "" && g.p != 0 {
			t.Fatalf("%q is %v", text, g)
		}
		if again := identify(text); again != g {
			t.Fatalf("%q is %v, then %v", text, g, again)
		}
	})
}

func BenchmarkIdentify(b *testing.B) {
	identify("the profile is read first")
	for b.Loop() {
		identify("My parcel was left with a neighbour yesterday and one lamp is missing")
	}
}
