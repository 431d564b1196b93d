package escalate

import (
	"fmt"
	"strings"
	"time"
)

// Words returns a fact as a letter in a language (ISO 639-1) has it. It must have passed Check. In a language that is not
// listed here numbers stay bare and dates as ISO 8601 has them: understood everywhere, native nowhere.
func (f *Fact) Words(lang string) string {
	switch f.Type {
	case FactNumber:
		return writeNumber(f.Value, lang)
	case FactMoney:
		amount, currency, _ := strings.Cut(f.Value, " ")
		return writeNumber(amount, lang) + "\u00a0" + currency
	case FactDate:
		return writeDate(f.Value, lang)
	default:
		return f.Value
	}
}

// numerals are the decimal sign and what parts thousands, by language (CLDR 46).
var numerals = map[string]struct{ point, group string }{
	"en": {".", ","},
	"da": {",", "."}, "de": {",", "."}, "es": {",", "."}, "it": {",", "."}, "nl": {",", "."}, "pt": {",", "."}, "tr": {",", "."},
	"fr": {",", "\u00a0"}, "pl": {",", "\u00a0"}, "sv": {",", "\u00a0"},
}

// grouped is from how many digits on thousands are parted: "1234" is well written everywhere.
const grouped = 5

func writeNumber(value, lang string) string {
	with, known := numerals[lang]
	if !known {
		return value
	}
	digits, negative := strings.CutPrefix(value, "-")
	whole, part, _ := strings.Cut(digits, ".")
	if len(whole) >= grouped {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + with.group + whole[i:]
		}
	}
	if part != "" {
		whole += with.point + part
	}
	if negative {
		return "-" + whole
	}
	return whole
}

// calendars are how a date is written (day, month, year) and the months, by language.
var calendars = map[string]struct{ form, months string }{
	"en": {"%d %s %d", "January February March April May June July August September October November December"},
	"da": {"%d. %s %d", "januar februar marts april maj juni juli august september oktober november december"},
	"de": {"%d. %s %d", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"},
	"es": {"%d de %s de %d", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"},
	"fr": {"%d %s %d", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"},
	"it": {"%d %s %d", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"},
	"nl": {"%d %s %d", "januari februari maart april mei juni juli augustus september oktober november december"},
	"pl": {"%d %s %d", "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"},
	"pt": {"%d de %s de %d", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"},
	"sv": {"%d %s %d", "januari februari mars april maj juni juli augusti september oktober november december"},
	"tr": {"%d %s %d", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"},
}

func writeDate(value, lang string) string {
	at, err := time.Parse(time.DateOnly, value)
	in, known := calendars[lang]
	if err != nil || !known {
		return value
	}
	return fmt.Sprintf(in.form, at.Day(), strings.Fields(in.months)[at.Month()-1], at.Year())
}
