package escalate

import (
	"slices"
	"strings"
	"time"
)

// OptedOut returns the newest message by which the customer asks for no more updates on the ticket, or nil. Only words count that say
// hardly anything else, after we had informed them: "please stop the updates" may else be about what a product does. A person who turned
// updates on since has the last word.
func (t *Ticket) OptedOut() *Message {
	var on time.Time
	if t.Handoff != nil {
		on = t.Handoff.UpdatesOn
	}
	var asked *Message
	informed := false
	for i := range t.Content.Messages {
		m := &t.Content.Messages[i]
		if r := t.Reply(ReplyID(m.Marker)); m.Marker != "" && r != nil && !r.Purpose.Answers() {
			informed = true
		}
		if informed && m.Public && m.Role == RoleCustomer && !m.Auto && m.At.After(on) && wantsNoUpdates(m.Text) {
			asked = m
		}
	}
	return asked
}

// NoUpdates reports whether the customer gets no updates: the helpdesk says so by a tag, or they did in their own words.
func (t *Ticket) NoUpdates() bool { return t.Content.NoUpdates() || t.OptedOut() != nil }

const (
	longestOptOut  = 30 // words of a message that asks for no updates: who writes more has something to say
	longestPlain   = 7  // words of a sentence with a plain phrase
	longestCertain = 16 // words of one with a phrase that names what is sent
)

// wantsNoUpdates reports whether a message asks for no more updates, in one of ten languages.
func wantsNoUpdates(text string) bool {
	text = withoutQuotes(text)
	if len(strings.Fields(text)) > longestOptOut {
		return false
	}
	for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(".!;\n", r) }) {
		if strings.ContainsAny(sentence, "?¿") {
			continue // a question asks for nothing to stop
		}
		words := fold(sentence)
		n := len(strings.Fields(words))
		if n <= longestPlain && asks(words, plainOptOuts) || n <= longestCertain && asks(words, certainOptOuts) {
			return true
		}
	}
	return false
}

// withoutQuotes leaves out the lines that quote another message.
func withoutQuotes(text string) string {
	var own []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			own = append(own, line)
		}
	}
	return strings.Join(own, "")
}

// asks reports whether folded words hold one of the phrases, and no word beside it that turns it around.
func asks(words string, phrases []string) bool {
	for _, phrase := range phrases {
		before, after, found := strings.Cut(words, " "+phrase+" ")
		if !found {
			continue
		}
		near, behind := strings.Fields(before), strings.Fields(after)
		near = slices.Concat(near[max(0, len(near)-3):], behind[:min(1, len(behind))])
		if !slices.ContainsFunc(near, func(w string) bool { return strings.Contains(turns, " "+w+" ") }) {
			return true
		}
	}
	return false
}

// turns are words that turn a request around: "please don't stop the updates", "why no more updates".
const turns = " not don dont t never why nicht nie warum ne n pas jamais pourquoi no nunca qué não niet nooit waarom nie nigdy dlaczego " +
	"ikke aldrig hvorfor inte aldrig varför non mai perché "

// plainOptOuts ask for an end of updates, folded; with more words around them they may mean another thing.
var plainOptOuts = []string{
	"stop the updates", "stop these updates", "stop your updates", "stop updates", "no more updates", "no further updates", "no updates please",
	"keine weiteren updates", "keine updates mehr", "keine zwischenstände mehr", "bitte keine updates", "stoppen sie die updates",
	"plus de mises à jour", "arrêtez les mises à jour", "arrêtez ces messages",
	"no más actualizaciones", "no más avisos", "dejen los avisos",
	"basta aggiornamenti", "niente più aggiornamenti", "nessun altro aggiornamento",
	"chega de atualizações", "sem mais atualizações", "não quero mais atualizações",
	"geen updates meer", "stop de updates", "stop met de updates",
	"żadnych więcej aktualizacji", "proszę bez aktualizacji", "koniec aktualizacji",
	"ikke flere opdateringer", "ingen flere opdateringer", "stop opdateringerne",
	"inga fler uppdateringar", "sluta med uppdateringarna", "inga uppdateringar tack",
}

// certainOptOuts also say that it is about what we send.
var certainOptOuts = []string{
	"stop sending me updates", "stop sending me these updates", "stop sending updates", "stop sending me these messages", "stop sending these messages",
	"stop sending me these emails", "stop these automatic messages", "stop these automated messages", "stop the automated messages",
	"no more automated messages", "no more automatic messages", "do not send me any more updates", "don t send me any more updates",
	"do not send me updates", "don t send me updates", "do not need any more updates", "don t need any more updates", "unsubscribe me from these updates",
	"keine automatischen nachrichten mehr", "schicken sie mir keine updates", "schicken sie mir keine weiteren updates",
	"senden sie mir keine weiteren nachrichten", "ich möchte keine weiteren zwischenstände", "ich brauche keine zwischenstände",
	"hören sie auf mir diese nachrichten zu schicken",
	"ne m envoyez plus de mises à jour", "ne m envoyez plus ces messages", "arrêtez de m envoyer ces messages", "plus de messages automatiques",
	"no me envíen más actualizaciones", "no me envíe más actualizaciones", "dejen de enviarme estos mensajes", "no más mensajes automáticos",
	"non mi mandi più aggiornamenti", "non mandatemi più aggiornamenti", "smettete di mandarmi questi messaggi", "basta messaggi automatici",
	"não me enviem mais atualizações", "parem de me enviar estas mensagens", "chega de mensagens automáticas",
	"stuur me geen updates meer", "stuur mij geen updates meer", "stop met het sturen van updates", "geen automatische berichten meer",
	"proszę nie wysyłać więcej aktualizacji", "proszę nie przysyłać mi więcej wiadomości", "proszę przestać wysyłać te wiadomości",
	"send mig ikke flere opdateringer", "stop med at sende mig opdateringer", "stop med at sende mig disse beskeder", "ingen flere automatiske beskeder",
	"skicka inga fler uppdateringar", "sluta skicka uppdateringar", "sluta skicka de här meddelandena", "inga fler automatiska meddelanden",
}
