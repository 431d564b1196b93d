package local

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// One answer above what a mail program appends, in the ten languages that support mail comes in most.
func TestCleanKeepsWhatTheAuthorWroteThisTime(t *testing.T) {
	const mine = "The hub is still offline since Monday."
	for name, below := range map[string]string{
		"Gmail en":            "On Mon, Aug 3, 2026 at 10:00 AM Ben Ott <ben@shop.example> wrote:\n> Hold the button.",
		"Gmail en, broken":    "On Mon, Aug 3, 2026 at 10:00 AM Benjamin Ottokar <\nben@shop.example> wrote:\n\n> Hold the button.",
		"Gmail de":            "Am Mo., 3. Aug. 2026 um 10:00 Uhr schrieb Ben Ott <ben@shop.example>:\n> Halten Sie den Knopf.",
		"Gmail fr":            "Le lun. 3 août 2026 à 10:00, Ben Ott <ben@shop.example> a écrit :\n> Appuyez.",
		"Gmail es":            "El lun, 3 ago 2026 a las 10:00, Ben Ott (<ben@shop.example>) escribió:\n> Pulse.",
		"Gmail pt":            "Em seg., 3 de ago. de 2026 às 10:00, Ben Ott <ben@shop.example> escreveu:\n> Prima.",
		"Gmail it":            "Il giorno lun 3 ago 2026 alle ore 10:00 Ben Ott <ben@shop.example> ha scritto:\n> Prema.",
		"Gmail nl":            "Op ma 3 aug 2026 om 10:00 schreef Ben Ott <ben@shop.example>:\n> Houd de knop.",
		"Gmail pl":            "pon., 3 sie 2026 o 10:00 Ben Ott <ben@shop.example> napisał(a):\n> Przytrzymaj.",
		"Gmail ja":            "2026年8月3日(月) 10:00 Ben Ott <ben@shop.example>:\n> ボタンを押して",
		"Gmail zh":            "Ben Ott <ben@shop.example> 于2026年8月3日周一 10:00写道：\n> 按住按钮",
		"Apple en":            "> On 3. Aug 2026, at 10:00, Ben Ott <ben@shop.example> wrote:\n> \n> Hold the button.",
		"Apple fr, unmarked":  "Le 3 août 2026 à 10:00, Ben Ott <ben@shop.example> a écrit :\n\nAppuyez sur le bouton.",
		"Apple zh":            "在 2026年8月3日，10:00，Ben Ott <ben@shop.example> 写道：\n\n按住按钮",
		"Outlook en":          "From: Ben Ott <ben@shop.example>\nSent: Monday, August 3, 2026 10:00\nTo: Ina\nSubject: RE: Hub\n\nHold the button.",
		"Outlook en, no mail": "From: Ben Ott\nSent: Monday, August 3, 2026 10:00\nTo: Ina\nSubject: RE: Hub\n\nHold the button.",
		"Outlook bold":        "*From:* Ben Ott\n*Sent:* Monday\n*To:* Ina\n\nHold the button.",
		"Outlook de":          "Von: Ben Ott\nGesendet: Montag, 3. August 2026 10:00\nAn: Ina\nBetreff: AW: Hub\n\nHalten Sie den Knopf.",
		"Outlook fr":          "De : Ben Ott\nEnvoyé : lundi 3 août 2026 10:00\nÀ : Ina\nObjet : RE: Hub\n\nAppuyez.",
		"Outlook es":          "De: Ben Ott\nEnviado el: lunes, 3 de agosto\nPara: Ina\nAsunto: RE: Hub\n\nPulse.",
		"Outlook pt":          "De: Ben Ott\nEnviada em: segunda-feira\nPara: Ina\nAssunto: RE: Hub\n\nPrima.",
		"Outlook it":          "Da: Ben Ott\nInviato: lunedì 3 agosto\nA: Ina\nOggetto: R: Hub\n\nPrema.",
		"Outlook nl":          "Van: Ben Ott\nVerzonden: maandag 3 augustus\nAan: Ina\nOnderwerp: RE: Hub\n\nHoud de knop.",
		"Outlook pl":          "Od: Ben Ott\nWysłano: poniedziałek\nDo: Ina\nTemat: Odp: Hub\n\nPrzytrzymaj.",
		"Outlook ja":          "差出人: Ben Ott\n送信日時: 2026年8月3日\n宛先: Ina\n件名: Hub\n\nボタンを押して",
		"Outlook zh":          "发件人: Ben Ott\n发送时间: 2026年8月3日\n收件人: Ina\n主题: Hub\n\n按住按钮",
		"separator en":        "-----Original Message-----\nFrom: Ben Ott\nHold the button.",
		"separator de":        "-----Ursprüngliche Nachricht-----\nVon: Ben Ott\nHalten.",
		"separator fr":        "-----Message d'origine-----\nDe : Ben\nAppuyez.",
		"separator es":        "-----Mensaje original-----\nDe: Ben\nPulse.",
		"separator it":        "-----Messaggio originale-----\nDa: Ben\nPrema.",
		"separator pt":        "-----Mensagem original-----\nDe: Ben\nPrima.",
		"separator nl":        "-----Oorspronkelijk bericht-----\nVan: Ben\nHoud.",
		"separator pl":        "-----Oryginalna wiadomość-----\nOd: Ben\nPrzytrzymaj.",
		"separator zh":        "------------------ 原始邮件 ------------------\n发件人: Ben\n按住",
		"forward en":          "---------- Forwarded message ---------\nFrom: Ben Ott\nDate: Monday\nSubject: Hub\n\nHold the button.",
		"forward de":          "Anfang der weitergeleiteten Nachricht:\n\nVon: Ben\nDatum: Montag\n\nHalten.",
		"forward fr":          "Début du message transféré :\n\nDe: Ben\nDate: lundi\n\nAppuyez.",
		"phone en":            "Sent from my iPhone",
		"phone de":            "Von meinem iPhone gesendet",
		"phone fr":            "Envoyé de mon iPhone",
		"phone es":            "Enviado desde mi iPhone",
		"phone pt":            "Enviado do meu iPhone",
		"phone it":            "Inviato da iPhone",
		"phone nl":            "Verstuurd vanaf mijn iPhone",
		"phone pl":            "Wysłane z iPhone'a",
		"phone ja":            "iPhoneから送信",
		"phone zh":            "发自我的iPhone",
		"Outlook for a phone": "Get Outlook for iOS<https://aka.ms/o0ukef>",
		"closing en":          "Best regards,\nIna Berg\nHead of Gardens\n+49 30 1234567",
		"closing en, name":    "Kind regards, Ina Berg",
		"closing de":          "Mit freundlichen Grüßen\nIna Berg",
		"closing de, name":    "Viele Grüße, Ina",
		"closing fr":          "Bien cordialement,\nIna Berg",
		"closing es":          "Un cordial saludo,\nIna Berg",
		"closing pt":          "Com os melhores cumprimentos,\nIna Berg",
		"closing it":          "Cordiali saluti\nIna Berg",
		"closing nl":          "Met vriendelijke groet,\nIna Berg",
		"closing pl":          "Z poważaniem\nIna Berg",
		"closing ja":          "よろしくお願いいたします。\nベルク",
		"closing zh":          "此致\n敬礼\n伊娜",
		"thanks":              "Thanks in advance!\nIna",
		"a bare name":         "Ina Berg",
		"dashes":              "-- \nIna Berg | Gardens Ltd",
		"disclaimer en":       "This e-mail and any attachments are confidential and intended solely for the addressee.",
		"disclaimer de":       "Diese E-Mail enthält vertrauliche Informationen. Diese Nachricht ist vertraulich.",
		"disclaimer fr":       "Ce message et ses pièces jointes sont confidentiels.",
		"disclaimer es":       "Este mensaje es confidencial y va dirigido a su destinatario.",
		"disclaimer it":       "Questo messaggio è riservato.",
		"disclaimer nl":       "Dit bericht is uitsluitend bestemd voor de geadresseerde en vertrouwelijk.",
		"disclaimer zh":       "本邮件及其附件含有保密信息。",
	} {
		if got := clean("Hello Ben,\n\n" + mine + "\n\n" + below); got != mine {
			t.Errorf("%s: kept %q", name, got)
		}
	}
}

func TestCleanKeepsWhatOnlyLooksLikeAnEnd(t *testing.T) {
	for text, want := range map[string]string{
		"Hi my parcel is late. Where is it?":                                       "Hi my parcel is late. Where is it?",
		"Hallo die Lampe blinkt. Was nun?":                                         "Hallo die Lampe blinkt. Was nun?",
		"Hier ist meine Rechnung, bitte prüfen.":                                   "Hier ist meine Rechnung, bitte prüfen.",
		"你好 我的包裹没到":                                                                "我的包裹没到",
		"Dear Sir, Madam,\nthe hub is off.":                                        "the hub is off.",
		"Bonjour à tous,\nle hub est éteint.":                                      "le hub est éteint.",
		"尊敬的客服：\n我的包裹没到。":                                                          "我的包裹没到。",
		"Best, I think, is a new one.":                                             "Best, I think, is a new one.",
		"From: where can I see the sender?":                                        "From: where can I see the sender?",
		"The app says:\nOn error 5 restart.\nI did.":                               "The app says:\nOn error 5 restart.\nI did.",
		"Thanks!\n\nIt is off again.":                                              "Thanks!\n\nIt is off again.",
		"It works.\nThanks!\nCan I also get an invoice?":                           "It works.\nThanks!\nCan I also get an invoice?",
		"My hub is off.\n\nRegards\nIna\n\nPS: it was off last week, too.":         "My hub is off.\n\nPS: it was off last week, too.",
		"On Mon, Aug 3, 2026 at 10:00 Ben wrote:\n> Which hub?\nThe white one.":    "The white one.",
		"See below.\n\nOn Mon, 3 Aug 2026 Ben wrote:\n> Which hub?\nThe white one": "See below.\n\nThe white one",
		"---------- Forwarded message ---------\nFrom: Shop <a@b.example>\nDate: Mon\nSubject: Order\n\nYour order was cancelled.": "Your order was cancelled.",
		"> only a quote": "> only a quote",
		"Sensor\n\nHub":  "Sensor\n\nHub",
	} {
		if got := clean(text); got != want {
			t.Errorf("%q:\n\tkept %q,\n\twant %q", text, got, want)
		}
	}
}

// FuzzClean holds that the parts of a message lie in order within it, and that something is left of every message that says anything.
func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"", "\n", ">", "On x wrote:\n>", "Hi,\n", "From:\nSent:\n\n", "--\n", "P.S. ", "你好，", "Best regards", "\xff\xfe>\n", "-----Original Message-----", "Thanks\n?\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, r := range own(text) {
			if r.start < end || r.end < r.start || r.end > len(text) {
				t.Fatalf("region %+v of %d bytes, after %d", r, len(text), end)
			}
			end = r.end
		}
		if got := clean(text); !utf8.ValidString(got) || got == "" && strings.TrimSpace(clip(text, maxText)) != "" {
			t.Fatalf("%q of %q", got, text)
		}
	})
}

// What mail programs write must not be read again and again: four times the lines take about four times as long.
func TestCleanReadsHostileMailInLinearTime(t *testing.T) {
	best := func(word string, size int) time.Duration {
		text := "My hub is offline since Monday.\n" + strings.Repeat(word, size/len(word))
		fastest := time.Hour
		for range 3 {
			began := time.Now()
			clean(text)
			fastest = min(fastest, time.Since(began))
		}
		return fastest
	}
	for _, line := range []string{"On 3 Aug\n", "From: x\n", "From: x\nSent: y\n", "> \n", "Thanks\n?\n", "Ab\n\n", "-----\n", "hi hi, ", "Regards\n", "2026年8月3日\n", "ps:\n"} {
		short, long := best(line, 4<<10), best(line, 16<<10)
		if long > 10*short+50*time.Millisecond {
			t.Errorf("%q: 4 KiB take %v, 16 KiB %v", line, short, long)
		}
	}
}
