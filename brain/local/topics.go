package local

import (
	"maps"
	"strings"
)

// maxTopics is how many asks of one turn are told apart.
const maxTopics = 6

// topics returns what the customer asks in their newest turn, one text for each matter, at most six of at most 160 characters. Two
// questions about one thing are one topic; so is a question that only points back ("Can you help with that?"). When in doubt it is one. A
// message that asks nothing has none.
func (t *thread) topics() []string {
	var asks []said
	for i := t.burst; i < len(t.lines); i++ {
		if l := &t.lines[i]; !l.Auto && !thanksOnly(l.text) {
			asks = append(asks, l.asks(i)...)
		}
	}
	var out []string
	var seen []map[string]bool
	for i := range asks {
		s := &asks[i]
		about := s.about()
		switch n := len(out) - 1; {
		case n >= 0 && len(seen[n]) == 0 && len(about) > 0: // "I have two questions. Can you help me?" asks nothing yet
			out[n], seen[n] = shorten(s.text, askLength), about
		case n >= 0 && !s.item && (len(about) < minAbout || !s.more && sharesAny(about, seen)), n >= 0 && len(about) == 0:
			maps.Copy(seen[n], about)
		case n+1 < maxTopics:
			out, seen = append(out, shorten(s.text, askLength)), append(seen, about)
		}
	}
	return out
}

// minAbout is how many words of substance a second ask needs to be about something of its own.
const minAbout = 2

// maxRequest is how many words a request has that is a matter of its own; longer ones plead for the matter before.
const maxRequest = 12

// asks returns the sentences of a message that ask for something: questions, requests, and the items of a list that do not tell what
// the customer did.
func (l *line) asks(i int) []said {
	var out []said
	for _, s := range l.says(i) {
		switch {
		case s.is("closing") && !isQuestion(s.text):
		case isQuestion(s.text), len(s.tokens) <= maxRequest && s.is("requests"), s.more && s.is("wants", "trouble"), s.item && s.is("wants") && !s.is("tried"):
			out = append(out, s)
		}
	}
	return out
}

// about returns the beginnings of the words that say what a sentence is about: not those that every ask is made of.
func (s *said) about() map[string]bool {
	out := map[string]bool{}
	for i, t := range s.tokens {
		switch {
		case t.cjk:
			if i+1 < len(s.tokens) && s.tokens[i+1].cjk && s.tokens[i+1].start == t.end && !askWords[t.word] && !askWords[s.tokens[i+1].word] {
				out[t.word+s.tokens[i+1].word] = true
			}
		case len(t.word) > 3 && !askWords[t.word]:
			out[clip(t.word, sameBeginning)] = true
		}
	}
	return out
}

// sameBeginning is how many bytes of two words must be the same for one to be a form of the other.
const sameBeginning = 5

// askWords are words that asks are made of, whatever they are about.
var askWords = folded("what when where which whom whose would could should will shall have does this that there these those them they then " +
	"than with from about your yours " +
	"please help need want know tell like just still also more much many long take sure able possible problem issue question answer " +
	"information info here " +
	"been were into only some other another same time soon back make made give send again already thanks thank hello very really using used " +
	"support technical assist assistance guidance resolve resolving solution solutions urgent provide arrange next steps details advise appreciate " +
	"unterstützung technische lösung lösen lösungen anleitung anleitungen bereitstellen benötigen dringend schnell assistance résoudre " +
	"résolution technique fournir " +
	"asistencia solución soluciones resolver proporcionar orientación rápida assistência solução soluções fornecer rápido assistenza risolvere " +
	"soluzione oplossing oplossen " +
	"happen happened happens going doing done work works working mean means find look check keep before after because " +
	"kann können könnten könnt möchte würde bitte hilfe helfen wissen sagen wann warum wieso welche welcher welches habe haben wird werden " +
	"diese dieser dieses dass mich mein meine meinen meiner mir ihre ihren eine einen einer noch auch oder aber wenn nicht gibt machen brauche " +
	"danke schon bereits mehr geht " +
	"pouvez pourriez comment quand pourquoi quel quelle quels quelles besoin voudrais aide aider savoir dire plait vous votre vos nous avec " +
	"pour dans cette cela faire fait est-ce merci aussi plus mais avoir être avez suis ainsi " +
	"puede pueden podria como cuando donde porque cual necesito quiero ayuda ayudar saber decir favor para este esta esto hacer tengo tiene " +
	"gracias tambien pero ustedes " +
	"pode podem poderia quando onde qual preciso quero ajuda ajudar saber dizer fazer tenho obrigado tambem voces seria possivel " +
	"potete puoi posso vorrei bisogno aiuto aiutare sapere dire fare questo questa quale quando dove perche grazie anche sono avete della delle degli " +
	"kunt kunnen graag hulp helpen weten zeggen wanneer waar waarom welke heb hebben mijn jullie deze doen alvast bedankt alstublieft niet naar voor " +
	"prosze moge mozecie moglbym pomoc pomoca wiedziec kiedy gdzie dlaczego ktory jest mnie moje takze dziekuje czy " +
	"请 问 吗 的 了 我 你 您 是 有 怎 么 什 能 否 可 以 想 要 帮 这 那 个 一 下 呢 不 时 候 多 少 如 何 为 哪 里 在 到 会 还 都 就 也 来 去 给 和 " +
	"の は が を に で と も か す ま し た て い る な ん お ご う こ そ れ あ り よ く さ せ だ へ や ょ っ")

// folded returns the words of a line as a set, as tokens spell them.
func folded(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[fold(w)] = true
	}
	return out
}

// sharesAny reports whether a topic that was seen shares a word.
func sharesAny(about map[string]bool, seen []map[string]bool) bool {
	for _, s := range seen {
		for w := range about {
			if s[w] {
				return true
			}
		}
	}
	return false
}

// also joins the topics that no part of the summary shows, when there are several.
func also(topics []string, parts []part) string {
	if len(topics) < 2 {
		return ""
	}
	var out []string
	for _, topic := range topics {
		shown := false
		for i := range parts {
			shown = shown || strings.Contains(parts[i].text, topic)
		}
		if !shown {
			out = append(out, topic)
		}
	}
	return strings.Join(out, " ")
}
