package llm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a summary that is used, in bytes.
const (
	minUsed = 20
	maxUsed = 600
)

// summary returns the first summary in which every number, name and id stands in the ticket, or "".
func (p *page) summary(readings []*reading) string {
	for _, r := range readings {
		s := strings.Join(strings.Fields(r.Summary), " ")
		if len(s) < minUsed || len(s) > maxUsed || !plain(s, "") || !p.sayable(s) {
			continue
		}
		if s = p.vault.Restore(s); p.faithful(s) {
			return s
		}
	}
	return ""
}

// faithful reports whether a summary names nothing that the ticket does not hold. Where a script has no capitals nobody can
// tell a name, so there it never does.
func (p *page) faithful(s string) bool {
	for _, link := range linkLike.FindAllString(s, -1) {
		if !hasWord(p.thread, strings.TrimRight(link, ".,;:!?)")) {
			return false
		}
	}
	if !numbersHold(s, p.thread) {
		return false
	}
	first := true
	for w := range strings.FieldsSeq(s) {
		word := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }) {
			if !p.known(part, first) {
				return false
			}
			first = false
		}
		first = strings.ContainsAny(w[len(w)-1:], ".!?:")
	}
	return true
}

// known reports whether a word is no name, or one that the ticket holds.
func (p *page) known(word string, first bool) bool {
	r, _ := utf8.DecodeRuneInString(word)
	lower := strings.ToLower(word)
	switch {
	case unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsLower(r):
		return false
	case strings.ToLower(word) == word: // no capital anywhere
		return true
	case general[lower], first && starters[lower]:
		return true
	}
	return hasWord(p.thread, word)
}

func set(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

var (
	// starters may begin a sentence, where every word has a capital.
	starters = set(`a an the they he she it its this that these their there after before since when while because although despite as at by for from in on no not so but and or if
		customer support asks wants needs reports says complains requests wrote tried user caller someone both all still now today yesterday
		der die das ein eine er sie es seit nach vor als wenn weil trotz im in am bei mit für auf und aber oder noch jetzt bisher laut alle
		le la les l il elle un une ce cette depuis après avant quand malgré dans en sur avec pour et mais client cliente demande souhaite
		el los las ella un una desde después antes cuando aunque en con para y pero cliente pide quiere solicita
		lo gli uno dopo prima quando anche con per e ma chiede vuole
		de het een hij zij na voor toen omdat met en maar klant vraagt wil`)
	// general are words that some languages write with a capital anywhere, and that name nobody.
	general = set(`i ai pdf url csv kunde kundin kunden support bestellung bestellnummer rechnung rechnungsnummer lieferung paket sendung versand rücksendung rückgabe erstattung rückerstattung
		konto kontakt passwort adresse lieferadresse problem fehler fehlermeldung frage antwort anfrage nachricht hilfe termin vertrag kündigung abo abonnement produkt gerät artikel
		zahlung betrag preis gutschein karte bild foto anhang version update mitarbeiter mitarbeiterin mensch menschen person team tag tage tagen woche wochen uhr anleitung lösung versuch neustart`)
)
