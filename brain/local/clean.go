package local

import (
	"regexp"
	"strings"
)

// quoteHead matches the line by which mail programs begin the mail that is answered.
var quoteHead = regexp.MustCompile(`(?i)^\s*(-{2,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|forwarded message)|` +
	`_{10,}$|(on|am|le|el|il|em|op|w dniu)\b.{4,120}(wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|napisał\(?a?\)?)\b.{0,80}:\s*$|` +
	`(from|von|de|da|van|od|差出人|发件人)\s?[:：].{0,120}@)`)

// signOff matches a line that begins a signature.
var signOff = regexp.MustCompile(`(?i)^\s*(--\s*$|—\s*$|sent from my |von meinem .{0,30}gesendet|envoyé de mon |enviado desde mi |inviato da(l mio)? |` +
	`((with )?(best|kind|warm|many) (regards|wishes|thanks)|regards|cheers|sincerely|yours( truly| sincerely| faithfully)?|thanks( (a lot|so much|in advance|again))?|thank you( (so much|very much|in advance))?|best|` +
	`(mit )?(freundlichen?|besten?|viele[nr]?|liebe[nr]?|herzliche[nr]?) (grüße[n]?|gruß|gruss|grüsse[n]?|dank)|mfg|vg|lg|danke( im voraus)?|vielen dank( im voraus)?|` +
	`(bien )?cordialement|sincères salutations|bonne journée|merci( (d'avance|beaucoup))?|` +
	`(un )?(cordial saludo|saludos( cordiales)?)|atentamente|(muchas )?gracias( de antemano)?|` +
	`cordiali saluti|distinti saluti|grazie( mille)?|saluti|(com os melhores )?cumprimentos|atenciosamente|obrigad[oa]|` +
	`met vriendelijke groet(en)?|groet(en|jes)?|mvg|bedankt|pozdrawiam|z poważaniem|dziękuję|med vänlig hälsning|mvh|med venlig hilsen|よろしくお願い(いた)?します|此致)[\s,.!。]*$)`)

// greeting matches a salutation at the very start.
var greeting = regexp.MustCompile(`(?i)^\s*(hi|hello|hey|dear|good (morning|afternoon|evening|day)|greetings|hallo|guten (tag|morgen|abend)|moin|servus|sehr geehrte[rs]?|liebe[rs]?|` +
	`bonjour|bonsoir|salut|cher|chère|hola|buen(os|as)? (días|tardes|noches)|estimad[oa]s?|ciao|buongiorno|buonasera|salve|gentile|olá|oi|bom dia|boa (tarde|noite)|prezad[oa]s?|` +
	`goedemorgen|goedemiddag|goedendag|beste|geachte|dzień dobry|witam|cześć|szanowni państwo|hej|hei|god (dag|morgen)|こんにちは|您好|你好)(\b|\s|[、，])[^\n,!.?:;，、。！]{0,40}[,!.:\n，、。！]+\s*`)

// region is a part of a text, in bytes.
type region struct{ start, end int }

// own returns the parts of a message that its author wrote for this occasion: no quoted mail, no signature, no
// salutation. When nothing would be left it returns all of it.
func own(text string) []region {
	var out []region
	kept, at, cut := false, 0, min(len(text), maxText)
	for at < cut {
		end := at + strings.IndexByte(text[at:], '\n') + 1
		if end <= at {
			end = len(text)
		}
		line := text[at:end]
		trimmed := strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), ">"):
		case quoteHead.MatchString(clip(trimmed, 300)), kept && len(trimmed) < 60 && signOff.MatchString(trimmed):
			return orAll(trimGreeting(text, out), text)
		default:
			kept = kept || strings.TrimSpace(line) != ""
			if n := len(out); n > 0 && out[n-1].end == at {
				out[n-1].end = end
			} else {
				out = append(out, region{at, end})
			}
		}
		at = end
	}
	return orAll(trimGreeting(text, out), text)
}

// trimGreeting takes the salutation off the first region, unless nothing else is there.
func trimGreeting(text string, rs []region) []region {
	if len(rs) == 0 {
		return rs
	}
	head := clip(text[rs[0].start:rs[0].end], 200)
	if m := greeting.FindString(head); m != "" && (len(rs) > 1 || strings.TrimSpace(text[rs[0].start+len(m):rs[0].end]) != "") {
		rs[0].start += len(m)
	}
	return rs
}

func orAll(rs []region, text string) []region {
	for _, r := range rs {
		if strings.TrimSpace(text[r.start:r.end]) != "" {
			return rs
		}
	}
	return []region{{0, len(clip(text, maxText))}}
}

// clean returns what the author wrote for this occasion, as one text.
func clean(text string) string {
	var b strings.Builder
	for _, r := range own(text) {
		b.WriteString(text[r.start:min(r.end, len(text))])
	}
	return strings.TrimSpace(strings.ToValidUTF8(b.String(), "\uFFFD"))
}

// ownTokens returns the words of a message's own parts, with offsets into the whole text.
func ownTokens(text string) []token {
	rs := own(text)
	var out []token
	for _, r := range rs {
		for _, t := range tokenize(text[r.start:r.end]) {
			t.start, t.end = t.start+r.start, t.end+r.start
			out = append(out, t)
		}
	}
	return out
}
