package desk

import (
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

// What an update says: pieces that are put together from what is set, by language. Of each there are two wordings, so that no two
// updates in a row are the same; the second says honestly that there is nothing new. After both, either comes with its date.

var stillOpenAgain = map[string]string{
	"en": "There is nothing new yet on your request of {since}. It is still with {team}, and you will hear from us here.",
	"de": "Zu Ihrer Anfrage vom {since} gibt es noch nichts Neues. Sie liegt weiterhin bei {team}, und Sie hören hier von uns.",
	"fr": "Il n'y a pas encore de nouvelles concernant votre demande du {since}. Elle est toujours entre les mains de {team}, et nous vous répondrons ici.",
	"es": "Todavía no hay novedades sobre su solicitud del {since}. Sigue en manos de {team}, y le responderemos aquí.",
	"it": "Non ci sono ancora novità sulla sua richiesta del {since}. È sempre da {team}, e le risponderemo qui.",
	"pt": "Ainda não há novidades sobre o seu pedido de {since}. Continua com {team}, e responderemos aqui.",
	"nl": "Er is nog geen nieuws over uw vraag van {since}. Ze ligt nog bij {team}, en u hoort hier van ons.",
	"pl": "W sprawie Państwa zgłoszenia z {since} nie ma jeszcze nic nowego. Nadal zajmuje się nim {team}; odpowiemy tutaj.",
	"da": "Der er endnu ikke noget nyt om din henvendelse af {since}. Den ligger fortsat hos {team}, og du hører fra os her.",
	"sv": "Det finns ännu inget nytt om ditt ärende från {since}. Det ligger fortfarande hos {team}, och du hör av oss här.",
}

var claimedByAgain = map[string]string{
	"en": "There is nothing new yet on your request of {since}. {name} still has it, and you will hear from us here.",
	"de": "Zu Ihrer Anfrage vom {since} gibt es noch nichts Neues. {name} hat sie weiterhin, und Sie hören hier von uns.",
	"fr": "Il n'y a pas encore de nouvelles concernant votre demande du {since}. {name} s'en occupe toujours, et nous vous répondrons ici.",
	"es": "Todavía no hay novedades sobre su solicitud del {since}. {name} sigue ocupándose de ella, y le responderemos aquí.",
	"it": "Non ci sono ancora novità sulla sua richiesta del {since}. Se ne occupa sempre {name}, e le risponderemo qui.",
	"pt": "Ainda não há novidades sobre o seu pedido de {since}. {name} continua a tratar dele, e responderemos aqui.",
	"nl": "Er is nog geen nieuws over uw vraag van {since}. {name} heeft haar nog, en u hoort hier van ons.",
	"pl": "W sprawie Państwa zgłoszenia z {since} nie ma jeszcze nic nowego. Nadal zajmuje się nim {name}; odpowiemy tutaj.",
	"da": "Der er endnu ikke noget nyt om din henvendelse af {since}. {name} har den fortsat, og du hører fra os her.",
	"sv": "Det finns ännu inget nytt om ditt ärende från {since}. {name} har det fortfarande, och du hör av oss här.",
}

var waitingFor = map[string]string{
	"en": "About your request of {since}: we have been waiting for {what} since {from}.",
	"de": "Zu Ihrer Anfrage vom {since}: Wir warten seit dem {from} auf {what}.",
	"fr": "Au sujet de votre demande du {since} : depuis le {from}, nous attendons {what}.",
	"es": "Sobre su solicitud del {since}: desde el {from} esperamos {what}.",
	"it": "Sulla sua richiesta del {since}: dal {from} aspettiamo {what}.",
	"pt": "Sobre o seu pedido de {since}: desde {from} aguardamos {what}.",
	"nl": "Over uw vraag van {since}: wij wachten sinds {from} op {what}.",
	"pl": "W sprawie Państwa zgłoszenia z {since}: od {from} czekamy na {what}.",
	"da": "Om din henvendelse af {since}: siden {from} har vi ventet på {what}.",
	"sv": "Om ditt ärende från {since}: sedan {from} väntar vi på {what}.",
}

var waitingForAgain = map[string]string{
	"en": "Your request of {since} is not forgotten. There is nothing new yet: we still wait for {what}, since {from}.",
	"de": "Ihre Anfrage vom {since} ist nicht vergessen. Es gibt noch nichts Neues: Wir warten weiterhin, seit dem {from}, auf {what}.",
	"fr": "Votre demande du {since} n'est pas oubliée. Il n'y a pas encore de nouvelles : nous attendons toujours, depuis le {from}, {what}.",
	"es": "No hemos olvidado su solicitud del {since}. Todavía no hay novedades: seguimos esperando, desde el {from}, {what}.",
	"it": "La sua richiesta del {since} non è stata dimenticata. Non ci sono ancora novità: aspettiamo sempre, dal {from}, {what}.",
	"pt": "O seu pedido de {since} não foi esquecido. Ainda não há novidades: continuamos a aguardar, desde {from}, {what}.",
	"nl": "Uw vraag van {since} is niet vergeten. Er is nog geen nieuws: wij wachten nog steeds, sinds {from}, op {what}.",
	"pl": "Nie zapomnieliśmy o Państwa zgłoszeniu z {since}. Nie ma jeszcze nic nowego: od {from} nadal czekamy na {what}.",
	"da": "Din henvendelse af {since} er ikke glemt. Der er endnu ikke noget nyt: vi venter stadig, siden {from}, på {what}.",
	"sv": "Ditt ärende från {since} är inte bortglömt. Det finns ännu inget nytt: vi väntar fortfarande, sedan {from}, på {what}.",
}

var hearBy = map[string]string{
	"en": "You will hear from us by {by}.",
	"de": "Sie hören bis {by} von uns.",
	"fr": "Vous aurez de nos nouvelles au plus tard le {by}.",
	"es": "Tendrá noticias nuestras a más tardar el {by}.",
	"it": "Avrà nostre notizie entro il {by}.",
	"pt": "Terá notícias nossas até {by}.",
	"nl": "U hoort uiterlijk {by} van ons.",
	"pl": "Odezwiemy się najpóźniej {by}.",
	"da": "Du hører fra os senest {by}.",
	"sv": "Du hör av oss senast {by}.",
}

// noLater says the same right after words that say that they will hear from us.
var noLater = map[string]string{
	"en": "That will be by {by} at the latest.",
	"de": "Das wird spätestens {by} sein.",
	"fr": "Ce sera au plus tard le {by}.",
	"es": "Será a más tardar el {by}.",
	"it": "Sarà al più tardi il {by}.",
	"pt": "Será o mais tardar em {by}.",
	"nl": "Dat is uiterlijk {by}.",
	"pl": "Nastąpi to najpóźniej {by}.",
	"da": "Det bliver senest {by}.",
	"sv": "Det blir senast {by}.",
}

// tooLate says honestly that a time we gave is not kept.
var tooLate = map[string]string{
	"en": "We said that you would hear from us by {told}. It takes longer than we thought, and we are sorry.",
	"de": "Wir hatten gesagt, dass Sie bis {told} von uns hören. Es dauert länger, als wir dachten; das tut uns leid.",
	"fr": "Nous avions dit que vous auriez de nos nouvelles au plus tard le {told}. Cela prend plus de temps que prévu, et nous en sommes désolés.",
	"es": "Dijimos que tendría noticias nuestras a más tardar el {told}. Está tardando más de lo que pensábamos, y lo sentimos.",
	"it": "Avevamo detto che avrebbe avuto nostre notizie entro il {told}. Ci vuole più tempo del previsto, e ci dispiace.",
	"pt": "Dissemos que teria notícias nossas até {told}. Está a demorar mais do que pensávamos, e pedimos desculpa.",
	"nl": "Wij zeiden dat u uiterlijk {told} van ons zou horen. Het duurt langer dan wij dachten, en dat spijt ons.",
	"pl": "Zapowiedzieliśmy, że odezwiemy się najpóźniej {told}. Trwa to dłużej, niż sądziliśmy; przepraszamy.",
	"da": "Vi sagde, at du ville høre fra os senest {told}. Det tager længere tid, end vi troede, og det beklager vi.",
	"sv": "Vi sade att du skulle höra av oss senast {told}. Det tar längre tid än vi trodde, och det beklagar vi.",
}

// waitedFor names what is waited for as it stands in waitingFor.
var waitedFor = map[escalate.WaitReason]map[string]string{
	escalate.WaitPayment: {
		"en": "our payment provider", "de": "unseren Zahlungsdienstleister", "fr": "la réponse de notre prestataire de paiement",
		"es": "la respuesta de nuestro proveedor de pagos", "it": "la risposta del nostro fornitore di servizi di pagamento",
		"pt": "a resposta do nosso fornecedor de pagamentos", "nl": "onze betaaldienst", "pl": "odpowiedź naszego operatora płatności",
		"da": "vores betalingsudbyder", "sv": "vår betalningsleverantör",
	},
	escalate.WaitPartner: {
		"en": "one of our partners", "de": "einen unserer Partner", "fr": "la réponse d'un de nos partenaires",
		"es": "la respuesta de uno de nuestros socios", "it": "la risposta di uno dei nostri partner",
		"pt": "a resposta de um dos nossos parceiros", "nl": "een van onze partners", "pl": "odpowiedź jednego z naszych partnerów",
		"da": "en af vores partnere", "sv": "en av våra partner",
	},
	escalate.WaitDelivery: {
		"en": "the carrier", "de": "das Transportunternehmen", "fr": "la réponse du transporteur", //nolint:misspell // French
		"es": "la respuesta del transportista", "it": "la risposta del corriere",
		"pt": "a resposta da transportadora", "nl": "de vervoerder", "pl": "odpowiedź przewoźnika",
		"da": "transportfirmaet", "sv": "transportföretaget",
	},
	escalate.WaitTechnical: {
		"en": "our technical team", "de": "unser technisches Team", "fr": "la réponse de notre équipe technique",
		"es": "la respuesta de nuestro equipo técnico", "it": "la risposta del nostro team tecnico",
		"pt": "a resposta da nossa equipa técnica", "nl": "ons technische team", "pl": "odpowiedź naszego zespołu technicznego",
		"da": "vores tekniske team", "sv": "vårt tekniska team",
	},
	escalate.WaitSpecialist: {
		"en": "a specialist in our company", "de": "eine Fachkraft in unserem Haus", "fr": "la réponse d'un spécialiste de notre entreprise",
		"es": "la respuesta de un especialista de nuestra empresa", "it": "la risposta di uno specialista della nostra azienda",
		"pt": "a resposta de um especialista da nossa empresa", "nl": "een specialist in ons bedrijf", "pl": "odpowiedź specjalisty z naszej firmy",
		"da": "en specialist i vores virksomhed", "sv": "en specialist på vårt företag",
	},
	escalate.WaitDecision: {
		"en": "a decision in our company", "de": "eine Entscheidung in unserem Haus", "fr": "une décision au sein de notre entreprise",
		"es": "una decisión en nuestra empresa", "it": "una decisione all'interno della nostra azienda",
		"pt": "uma decisão na nossa empresa", "nl": "een besluit in ons bedrijf", "pl": "decyzję w naszej firmie",
		"da": "en beslutning i vores virksomhed", "sv": "ett beslut på vårt företag",
	},
}

// asOf says at which time what went before it stands so: it lets the same be said again without repeating a message.
var asOf = map[string]string{
	"en": "This is how it stands at {now}.",
	"de": "Stand: {now}.",
	"fr": "Situation au {now}.",
	"es": "Situación a {now}.",
	"it": "Situazione al {now}.",
	"pt": "Situação em {now}.",
	"nl": "Stand van zaken op {now}.",
	"pl": "Stan na {now}.",
	"da": "Status pr. {now}.",
	"sv": "Läget {now}.",
}

// update is what an update to the customer may say: what is set and no more.
type update struct {
	lang, team, owner string // owner is "" when nobody has it
	since             time.Time
	wait              escalate.Wait
	late              time.Time      // a time that the customer was told and that is not kept; zero: none
	zone              *time.Location // times are said in it
	now               time.Time
}

// text says an update in one of two wordings, dated or not, and by when it says that the customer hears from us; the zero time when it does
// not say.
func (u *update) text(again, dated bool) (string, time.Time) {
	first, second := stillOpen, stillOpenAgain
	switch {
	case u.wait.Set():
		first, second = waitingFor, waitingForAgain
	case u.owner != "":
		first, second = claimedBy, claimedByAgain
	}
	if again {
		first = second
	}
	var parts []string
	if !u.late.IsZero() {
		parts = append(parts, in(tooLate, u.lang))
	}
	parts = append(parts, in(first, u.lang))
	var until time.Time
	if u.wait.Until.After(u.now) {
		by := noLater
		if u.wait.Set() {
			by = hearBy
		}
		parts, until = append(parts, in(by, u.lang)), u.wait.Until
	}
	if dated {
		parts = append(parts, in(asOf, u.lang))
	}
	values := strings.NewReplacer("{team}", u.team, "{name}", u.owner, "{since}", u.since.In(u.zone).Format(time.DateOnly), "{from}", u.wait.Since.In(u.zone).Format(time.DateOnly),
		"{what}", in(waitedFor[u.wait.Reason], u.lang), "{by}", instantIn(u.wait.Until, u.zone), "{told}", instantIn(u.late, u.zone), "{now}", instantIn(u.now, u.zone))
	return values.Replace(strings.Join(parts, " ")), until
}

// instantIn says an instant in a form that no language has its own of, with its distance from UTC: the customer's zone is not known.
func instantIn(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return t.Format("2006-01-02 15:04") + " (" + fromUTC(t) + ")"
}

// fromUTC says a time's distance from UTC: "UTC", "UTC+1", "UTC-3:30".
func fromUTC(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign, minutes := "+", seconds/60
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	words := "UTC" + sign + strconv.Itoa(minutes/60)
	if rest := minutes % 60; rest != 0 {
		words += ":" + strconv.Itoa(rest)
	}
	return words
}
