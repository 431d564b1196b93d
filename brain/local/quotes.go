package local

import (
	"regexp"
	"strings"
)

// How mail programs begin the mail that is answered or passed on, in the languages they come in: Outlook's and Gmail's separators, Apple
// Mail's, and those of Chinese and Japanese programs.
var (
	separator = regexp.MustCompile(`(?i)^\W{0,3}[-_=*]{2,}\s*(original message|forwarded message|forwarded by\b.*|reply message|` +
		`ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|` +
		`message d['’]origine|message original|message transféré|message transmis|courriel original|` +
		`mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|mensagem reencaminhada|` +
		`messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|` +
		`oryginalna wiadomość|wiadomość oryginalna|wiadomość przekazana|przekazana wiadomość|` +
		`元のメッセージ|転送メッセージ|転送されたメッセージ|原始邮件|邮件原件|转发邮件|转发的邮件|轉寄的郵件|原始郵件)\s*[-_=*]*\s*$|^_{10,}$`)
	forwarded = regexp.MustCompile(`(?i)^(begin forwarded message|anfang der weitergeleiteten (nachricht|e-mail)|début du message (transféré|` +
		`réexpédié)|` +
		`inicio del mensaje reenviado|início da mensagem (encaminhada|reencaminhada)|inizio (del )?messaggio inoltrato|` +
		`begin doorgestuurd bericht|początek (przekazywanej|przekazanej) wiadomości|転送されたメッセージ|以下は転送されたメッセージです|开始转发邮件|下面是被转发的邮件)\s?[:：]$`)
	// wrote needs a date, a time or an address beside the verb, or the words that such a line begins with: people write "wrote:" too.
	wrote = regexp.MustCompile(`(?i)((^|\s)(wrote|schrieb|écrit|escribió|escreveu|scritto|schreef|napisała?|napisał\(a\)|pisze)(\s.{0,120})?|` +
		`写道|寫道|書きました|のメール)\s*[:：]$`)
	when = regexp.MustCompile(`(?i)(\d{1,2}[:.h]\d{2}|\b20\d\d\b|20\d\d年|@)|^\W{0,3}(on|am|le|el|em|il|op|w dniu|dnia|在)\s.{4,}`)
	// dated is Gmail's head in Japanese, which has no verb.
	dated = regexp.MustCompile(`^\d{4}年\d{1,2}月\d{1,2}日.{0,20}\d{1,2}:\d{2}.{0,120}[:：]$`)
	// opens is what a head begins with that was broken over two or three lines.
	opens = regexp.MustCompile(`(?i)^\W{0,3}((on|am|le|el|em|il|op|w dniu|dnia)\s.{0,60}\d|\pL{2,4}\.?,? \d{1,2}\.? \pL{3,}\.? 20\d\d|\d{4}年|在\s?\d)`)
	// A block of fields: who it was from, and right behind it when, to whom or about what.
	fromField = regexp.MustCompile(`(?i)^\W{0,3}(from|von|de|da|van|od|差出人|送信者|发件人|寄件者|寄件人)\W{0,3}[:：]`)
	nextField = regexp.MustCompile(`(?i)^\W{0,3}(from|von|de|da|van|od|sent|date|to|cc|subject|reply-to|gesendet|datum|an|betreff|envoyé( le)?|` +
		`à|objet|enviado( el| em)?|fecha|para|asunto|` +
		`enviada( em)?|data|assunto|inviato|a|oggetto|verzonden|aan|onderwerp|wysłano|wysłane|do|dw|temat|差出人|送信者|送信日時|日時|日付|宛先|件名|` +
		`发件人|发送时间|日期|时间|收件人|抄送|主题|寄件者|寄件人|寄件日期|收件者|收件人|主旨)\W{0,3}[:：]`)
)

// maxHead is how many bytes of a line are looked at.
const maxHead = 300

// quoteHead returns how many lines from i on are the head of a quoted or forwarded mail, 0 when they are none.
func quoteHead(rows []row, i int) int {
	line := headLine(rows[i].text)
	switch {
	case line == "":
		return 0
	case line[0] == '-' || line[0] == '_' || line[0] == '=' || line[0] == '*' || line[0] == '>':
		if separator.MatchString(line) {
			return 1 + fields(rows, i+1)
		}
	}
	colon := strings.ContainsAny(line, ":：")
	switch {
	case colon && isWrote(line):
		return 1
	case colon && forwarded.MatchString(line):
		return 1 + fields(rows, i+1)
	case colon && fromField.MatchString(line):
		if n := fields(rows, i); n > 1 || strings.Contains(line, "@") {
			return n
		}
	case opens.MatchString(line):
		for n := 1; n <= 2 && i+n < len(rows); n++ {
			if line += " " + headLine(rows[i+n].text); isWrote(line) {
				return n + 1
			}
		}
	}
	return 0
}

// headLine is a line as heads are matched, without the mark of a quote that it may stand in.
func headLine(text string) string {
	return strings.TrimSpace(strings.TrimLeft(clip(text, maxHead), "> \t"))
}

func isWrote(line string) bool {
	return (strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")) && (wrote.MatchString(line) && when.MatchString(line) || dated.MatchString(line))
}

// fields counts the lines of a mail's fields from i on, a blank line before them included.
func fields(rows []row, i int) int {
	n := 0
	for n < 12 && i+n < len(rows) {
		line := headLine(rows[i+n].text)
		if line != "" && !nextField.MatchString(line) || line == "" && n > 0 {
			break
		}
		n++
	}
	if n == 1 && headLine(rows[i].text) == "" {
		return 0
	}
	return n
}
