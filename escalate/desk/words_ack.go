package desk

import (
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// ack is what an acknowledgement may say: what is known and no more.
type ack struct {
	lang, team string
	now        time.Time
	until      time.Time       // by when they hear from us; zero: nobody measured it
	hours      *escalate.Hours // of the team; nil: not known
	opens      time.Time       // when the team is there next, now included; zero: it does not say, or is always there
	zone       *time.Location  // times are said in it
	email      bool            // ask for their e-mail address
	order      bool            // ask for the number of their order
}

// closed reports whether nobody of the team is there now.
func (a *ack) closed() bool { return a.opens.After(a.now) }

// text says it.
func (a *ack) text() string {
	parts := []string{in(acks, a.lang)}
	hours := hoursIn(a.hours, a.lang)
	switch {
	case a.closed():
		parts = append(parts, in(closedNow, a.lang))
	case a.until.IsZero() && hours != "":
		parts = append(parts, in(weAreHere, a.lang))
	}
	if !a.until.IsZero() {
		parts = append(parts, in(hearBy, a.lang))
	}
	if a.order {
		parts = append(parts, in(askOrder, a.lang))
	}
	if a.email {
		parts = append(parts, in(askEmail, a.lang))
	}
	var opens, by string
	if a.closed() {
		opens = a.opening()
	}
	if !a.until.IsZero() {
		by = instantIn(a.until, a.zone)
	}
	return strings.NewReplacer("{team}", a.team, "{hours}", hours, "{opens}", opens, "{by}", by).Replace(strings.Join(parts, " "))
}

// opening says when the team is there again: "Monday 9:00 (UTC+1)", with the date where a weekday alone would not do.
func (a *ack) opening() string {
	at := a.opens.In(a.zone)
	words := dayName(a.lang, at.Weekday()) + " "
	if at.Sub(a.now) > 6*24*time.Hour {
		words += at.Format(time.DateOnly) + " "
	}
	return words + clockTime(calendar.TimeOfDay(at.Hour()*60+at.Minute())) + " (" + fromUTC(at) + ")"
}

// week is the days of a week in the order in which hours are told.
var week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// hoursIn says the hours of an ordinary week: "Monday–Friday 9:00–17:00 (Europe/Berlin)". It is "" for those around the clock.
func hoursIn(h *escalate.Hours, lang string) string {
	if h == nil {
		return ""
	}
	var parts []string
	for i := 0; i < len(week); {
		shifts, last := h.Week.On(week[i]), i
		for last+1 < len(week) && slices.Equal(shifts, h.Week.On(week[last+1])) {
			last++
		}
		if len(shifts) > 0 {
			days := dayName(lang, week[i])
			if last > i {
				days += "–" + dayName(lang, week[last])
			}
			var times []string
			for _, s := range shifts {
				times = append(times, clockTime(s.From)+"–"+clockTime(s.To))
			}
			parts = append(parts, days+" "+strings.Join(times, ", "))
		}
		i = last + 1
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ") + " (" + h.Zone + ")"
}

// clockTime is a time of day as people write it: 9:00.
func clockTime(t calendar.TimeOfDay) string { return strings.TrimPrefix(t.String(), "0") }

func dayName(lang string, day time.Weekday) string {
	return strings.Fields(in(weekdays, lang))[slices.Index(week, day)]
}

// weekdays are the days from Monday on.
var weekdays = map[string]string{
	"en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
	"de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
	"fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
	"es": "lunes martes miércoles jueves viernes sábado domingo",
	"it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
	"pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
	"nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
	"pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
	"da": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
	"sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
}

var weAreHere = map[string]string{
	"en": "We are here: {hours}.",
	"de": "Wir sind für Sie da: {hours}.",
	"fr": "Nous sommes là : {hours}.",
	"es": "Nuestro horario: {hours}.",
	"it": "Siamo a disposizione: {hours}.",
	"pt": "O nosso horário: {hours}.",
	"nl": "Wij zijn er: {hours}.",
	"pl": "Pracujemy: {hours}.",
	"da": "Vi er her: {hours}.",
	"sv": "Vi finns här: {hours}.",
}

var closedNow = map[string]string{
	"en": "We are closed right now and open again: {opens}.",
	"de": "Wir haben gerade geschlossen und sind wieder da: {opens}.",
	"fr": "Nous sommes fermés en ce moment. Réouverture : {opens}.",
	"es": "Ahora mismo está cerrado. Volvemos a abrir: {opens}.",
	"it": "Ora siamo chiusi. Riapriamo: {opens}.",
	"pt": "Agora estamos fechados. Reabrimos: {opens}.",
	"nl": "Wij zijn nu gesloten en zijn er weer: {opens}.",
	"pl": "Teraz nie pracujemy. Będziemy z powrotem: {opens}.",
	"da": "Vi har lukket lige nu og åbner igen: {opens}.",
	"sv": "Vi har stängt just nu och öppnar igen: {opens}.",
}

var askEmail = map[string]string{
	"en": "Please write us your e-mail address, so that our answer reaches you when you leave this chat.",
	"de": "Bitte schreiben Sie uns Ihre E-Mail-Adresse, damit unsere Antwort Sie auch erreicht, wenn Sie den Chat verlassen.",
	"fr": "Indiquez-nous votre adresse e-mail : notre réponse vous parviendra même si vous quittez ce chat.",
	"es": "Escríbanos su dirección de correo electrónico: así le llegará nuestra respuesta aunque salga de este chat.",
	"it": "Ci scriva il suo indirizzo e-mail: la nostra risposta le arriverà anche se lascia questa chat.",
	"pt": "Escreva-nos o seu endereço de e-mail: assim recebe a nossa resposta mesmo que saia deste chat.",
	"nl": "Schrijf ons uw e-mailadres, zodat ons antwoord u ook bereikt als u deze chat verlaat.",
	"pl": "Prosimy o podanie adresu e-mail: odpowiedź dotrze wtedy także po opuszczeniu czatu.",
	"da": "Skriv gerne din e-mailadresse til os, så vores svar når dig, selv om du forlader chatten.",
	"sv": "Skriv gärna din e-postadress till oss, så når vårt svar dig även om du lämnar chatten.",
}

var askOrder = map[string]string{
	"en": "If you have your order number at hand, please write it here; it saves you a question.",
	"de": "Wenn Sie Ihre Bestellnummer zur Hand haben, schreiben Sie sie bitte hier; das erspart Ihnen eine Rückfrage.",
	"fr": "Si vous avez votre numéro de commande sous la main, écrivez-le ici ; cela vous évitera une question.",
	"es": "Si tiene a mano su número de pedido, escríbalo aquí; le ahorrará una pregunta.",
	"it": "Se ha a portata di mano il numero d'ordine, lo scriva qui: le risparmierà una domanda.",
	"pt": "Se tiver o número da encomenda à mão, escreva-o aqui; poupa-lhe uma pergunta.",
	"nl": "Als u uw bestelnummer bij de hand hebt, schrijf het dan hier; dat scheelt u een vraag.",
	"pl": "Jeśli ma Pan/Pani pod ręką numer zamówienia, prosimy go tu podać; oszczędzi to jednego pytania.",
	"da": "Har du dit ordrenummer ved hånden, så skriv det gerne her; det sparer dig for et spørgsmål.",
	"sv": "Om du har ditt ordernummer till hands, skriv det gärna här; då slipper du en fråga.",
}
