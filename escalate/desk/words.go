package desk

import (
	"cmp"
	"slices"
	"strings"
)

// What Warmline itself says to customers, by language. English stands in where a language is missing.

var aiNotices = map[string]string{
	"en": "This answer was written by our AI assistant. Just reply if you would rather talk to a person.",
	"de": "Diese Antwort hat unser KI-Assistent geschrieben. Antworten Sie einfach, wenn Sie lieber mit einem Menschen sprechen möchten.",
	"fr": "Cette réponse a été rédigée par notre assistant IA. Répondez simplement si vous préférez parler à une personne.",
	"es": "Esta respuesta la ha escrito nuestro asistente de IA. Responda sin más si prefiere hablar con una persona.",
	"it": "Questa risposta è stata scritta dal nostro assistente IA. Risponda pure se preferisce parlare con una persona.",
	"pt": "Esta resposta foi escrita pelo nosso assistente de IA. Basta responder se preferir falar com uma pessoa.",
	"nl": "Dit antwoord is geschreven door onze AI-assistent. Antwoord gerust als u liever met een mens spreekt.",
	"pl": "Tę odpowiedź napisał nasz asystent AI. Wystarczy odpisać, jeśli woli Pan/Pani porozmawiać z człowiekiem.",
	"da": "Dette svar er skrevet af vores AI-assistent. Svar blot, hvis du hellere vil tale med et menneske.",
	"sv": "Det här svaret är skrivet av vår AI-assistent. Svara bara om du hellre vill prata med en människa.",
}

var acks = map[string]string{
	"en": "Thank you for your message. It is with {team} now: a person will read it and answer you here. You do not need to repeat anything.",
	"de": "Vielen Dank für Ihre Nachricht. Sie liegt jetzt bei {team}: Ein Mensch liest sie und antwortet Ihnen hier. Sie müssen nichts wiederholen.",
	"fr": "Merci pour votre message. Il est maintenant entre les mains de {team} : une personne le lira et vous répondra ici. Vous n'avez rien à répéter.",
	"es": "Gracias por su mensaje. Ahora lo tiene {team}: una persona lo leerá y le responderá aquí. No hace falta que repita nada.",
	"it": "Grazie per il suo messaggio. Ora è da {team}: una persona lo leggerà e le risponderà qui. Non deve ripetere nulla.",
	"pt": "Obrigado pela sua mensagem. Está agora com {team}: uma pessoa vai lê-la e responder aqui. Não precisa de repetir nada.",
	"nl": "Bedankt voor uw bericht. Het ligt nu bij {team}: een mens leest het en antwoordt u hier. U hoeft niets te herhalen.",
	"pl": "Dziękujemy za wiadomość. Zajmuje się nią teraz {team}: przeczyta ją człowiek i odpowie tutaj. Nie trzeba niczego powtarzać.",
	"da": "Tak for din besked. Den ligger nu hos {team}: et menneske læser den og svarer dig her. Du behøver ikke gentage noget.",
	"sv": "Tack för ditt meddelande. Det ligger nu hos {team}: en människa läser det och svarar dig här. Du behöver inte upprepa något.",
}

var stillOpen = map[string]string{
	"en": "Your request of {since} is still with {team}. Nobody has forgotten it; you will hear from us here.",
	"de": "Ihre Anfrage vom {since} liegt weiterhin bei {team}. Sie ist nicht vergessen; Sie hören hier von uns.",
	"fr": "Votre demande du {since} est toujours entre les mains de {team}. Elle n'est pas oubliée ; nous vous répondrons ici.",
	"es": "Su solicitud del {since} sigue en manos de {team}. No la hemos olvidado; le responderemos aquí.",
	"it": "La sua richiesta del {since} è ancora da {team}. Non è stata dimenticata; le risponderemo qui.",
	"pt": "O seu pedido de {since} continua com {team}. Não foi esquecido; responderemos aqui.",
	"nl": "Uw vraag van {since} ligt nog bij {team}. Ze is niet vergeten; u hoort hier van ons.",
	"pl": "Państwa zgłoszeniem z {since} nadal zajmuje się {team}. Nie zapomnieliśmy o nim; odpowiemy tutaj.",
	"da": "Din henvendelse af {since} ligger stadig hos {team}. Den er ikke glemt; du hører fra os her.",
	"sv": "Ditt ärende från {since} ligger fortfarande hos {team}. Det är inte bortglömt; du hör av oss här.",
}

var claimedBy = map[string]string{
	"en": "{name} is working on your request of {since}. You will hear from us here.",
	"de": "{name} arbeitet an Ihrer Anfrage vom {since}. Sie hören hier von uns.",
	"fr": "{name} s'occupe de votre demande du {since}. Nous vous répondrons ici.",
	"es": "{name} se ocupa de su solicitud del {since}. Le responderemos aquí.",
	"it": "{name} sta lavorando alla sua richiesta del {since}. Le risponderemo qui.",
	"pt": "{name} está a tratar do seu pedido de {since}. Responderemos aqui.",
	"nl": "{name} werkt aan uw vraag van {since}. U hoort hier van ons.",
	"pl": "{name} zajmuje się Państwa zgłoszeniem z {since}. Odpowiemy tutaj.",
	"da": "{name} arbejder på din henvendelse af {since}. Du hører fra os her.",
	"sv": "{name} arbetar med ditt ärende från {since}. Du hör av oss här.",
}

var corrections = map[string]string{
	"en": "Hello,\n\nour AI assistant answered your question, and that answer was wrong. We are sorry.\n\n\n\nKind regards\n{team}",
	"de": "Guten Tag,\n\nunser KI-Assistent hat Ihre Frage beantwortet, und die Antwort war falsch. Das tut uns leid.\n\n\n\nMit freundlichen Grüßen\n{team}",
	"fr": "Bonjour,\n\nnotre assistant IA a répondu à votre question, et cette réponse était fausse. Nous en sommes désolés.\n\n\n\nCordialement\n{team}",
	"es": "Hola:\n\nnuestro asistente de IA respondió a su pregunta y la respuesta era incorrecta. Lo sentimos.\n\n\n\nUn saludo\n{team}",
	"it": "Buongiorno,\n\nil nostro assistente IA ha risposto alla sua domanda e la risposta era sbagliata. Ci dispiace.\n\n\n\nCordiali saluti\n{team}",
	"pt": "Olá,\n\no nosso assistente de IA respondeu à sua pergunta e a resposta estava errada. Pedimos desculpa.\n\n\n\nCom os melhores cumprimentos\n{team}",
	"nl": "Goedendag,\n\nonze AI-assistent heeft uw vraag beantwoord, en dat antwoord was fout. Het spijt ons.\n\n\n\nMet vriendelijke groet\n{team}",
	"pl": "Dzień dobry,\n\nnasz asystent AI odpowiedział na Państwa pytanie, a odpowiedź była błędna. Przepraszamy.\n\n\n\nZ poważaniem\n{team}",
	"da": "Hej\n\nVores AI-assistent besvarede dit spørgsmål, og svaret var forkert. Det beklager vi.\n\n\n\nVenlig hilsen\n{team}",
	"sv": "Hej!\n\nVår AI-assistent besvarade din fråga, och svaret var fel. Vi ber om ursäkt.\n\n\n\nVänliga hälsningar\n{team}",
}

func in(texts map[string]string, lang string) string { return cmp.Or(texts[lang], texts["en"]) }

// aiNotice is what every automatic reply ends with.
func aiNotice(lang string) string { return "\n\n" + in(aiNotices, lang) }

// correctionText is what a correction begins with; the right answer is still missing.
func correctionText(lang, team string) string {
	return strings.ReplaceAll(in(corrections, lang), "{team}", team)
}

// onlyBegun reports whether a correction is no more than its beginning.
func onlyBegun(text, team string) bool {
	for lang := range corrections {
		if slices.Equal(strings.Fields(text), strings.Fields(correctionText(lang, team))) {
			return true
		}
	}
	return false
}
