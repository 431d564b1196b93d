package mask_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate/mask"
)

// check masks lines in which what is to be masked stands in ⟦⟧, and restores them.
func check(t *testing.T, standIn string, lines []string) {
	t.Helper()
	for _, line := range lines {
		text := strings.NewReplacer("⟦", "", "⟧", "").Replace(line)
		want := line
		for n := 1; ; n++ {
			start, end := strings.Index(want, "⟦"), strings.Index(want, "⟧")
			if start < 0 {
				break
			}
			want = want[:start] + "[" + standIn + "_" + string(rune('0'+n)) + "]" + want[end+len("⟧"):]
		}
		got, v := mask.Mask(text, mask.Everything)
		if got != want {
			t.Errorf("masked\n     %q\n to  %q\nwant %q", text, got, want)
		}
		if back := v.Restore(got); back != text {
			t.Errorf("restored to %q, was %q", back, text)
		}
	}
}

func TestCardsAreMaskedAndOtherLongNumbersAreNot(t *testing.T) {
	check(t, "CARD", []string{
		"my card ⟦4111 1111 1111 1111⟧ was charged",
		"⟦4111111111111111⟧", "Visa⟦4111-1111-1111-1111⟧,", "⟦5555 5555 5555 4444⟧ 12/27", "amex ⟦3782 822463 10005⟧",
		"⟦378282246310005⟧", "⟦6011111111111117⟧", "⟦30569309025904⟧", "⟦3530111333300000⟧", "⟦4222222222222⟧", "⟦2223003122003222⟧",
		"full width ⟦４１１１１１１１１１１１１１１１⟧", "卡号⟦4111111111111111⟧是我的",
		"two: ⟦4111111111111111⟧ and ⟦5555555555554444⟧",
		"fails the check: 4111 1111 1111 1112", "1234567812345678", "0000000000000000", "order 2026112700000001", "4111 1111 1111",
		"long 41111111111111114111111111111111411111111", "timestamp 1764223200000", "4111 1111\n\n1111 1111",
	})
}

func TestIBANsAreMaskedWhenTheirCheckDigitsHold(t *testing.T) {
	check(t, "IBAN", []string{
		"IBAN ⟦DE89 3704 0044 0532 0130 00⟧.", "⟦de89370400440532013000⟧", "⟦GB29 NWBK 6016 1331 9268 19⟧ ok", "⟦FR1420041010050500013M02606⟧",
		"⟦NL91ABNA0417164300⟧", "⟦ES91 2100 0418 4502 0005 1332⟧", "⟦IT60X0542811101000000123456⟧", "⟦NO9386011117947⟧",
		"DE89 3704 0044 0532 0130 01", "DE8937040044053201300", "XX89370400440532013000", "part XDE89370400440532013000",
		"belongs to ten of an old account that nobody uses", "it is one of the two at home and we need both",
	})
}

func TestEmailsAreMasked(t *testing.T) {
	check(t, "EMAIL", []string{
		"write to ⟦ina.berg+shop@kunde.example⟧, please", "<⟦a@b.de⟧>", "⟦jürgen@müller.example⟧", "邮箱⟦foo@bar.com⟧谢谢", "(⟦x_1@sub.mail.example.co.uk⟧).",
		"mailto:⟦ina@kunde.example⟧?subject=x", "two ⟦a@b.de⟧;⟦c@d.de⟧",
		"@ana on chat", "a @ b", "me@home", "3 @ 5.00", "a@b.c", "user@1.2.3.4",
	})
}

func TestPhonesAreMaskedAndOrderNumbersVersionsAndDatesAreNot(t *testing.T) {
	check(t, "PHONE", []string{
		"call ⟦+49 30 1234567⟧ now", "⟦+49 (0) 30 / 123 45 67⟧", "⟦0049 30 12345678⟧", "⟦030 1234567⟧", "⟦0151-23456789⟧", "⟦06 12 34 56 78⟧", "⟦06.12.34.56.78⟧",
		"⟦(415) 555-0132⟧", "⟦415-555-0132⟧", "⟦1-415-555-0132⟧", "⟦612 345 678⟧", "my number: phone ⟦5550132⟧", "you can call me at ⟦5550132⟧", "my new phone number is ⟦5550132⟧", "order number is 0151 2345678", "Tel.: ⟦123456⟧", "Handy ⟦015123456789⟧",
		"⟦+1 415 555 0132⟧ or ⟦+44 20 7946 0958⟧", "téléphone : ⟦01 23 45 67 89⟧", "电话⟦13800138000⟧",
		"order 48213", "order 0123456789", "Bestellung 0151 23456789", "#0151234567", "version 10.4.22", "v2.11.2026", "192.168.10.12", "27.11.2026", "2026-11-27 10:30",
		"11/27/2026 08:15", "invoice 415-555-0132", "EUR 1.234.567,00", "serial 0049301234567", "2026-11-27T10:30:00Z", "10 to 12 days", "error 500", "a 20 30 40 offer",
		"tracking 00340434161094042557", "between 2024 and 2026", "hotel 1234567", "ordinateur portable Dell XPS 13 9310", "I call about 123456 units",
	})
}

func TestTokensAndPasswordsAreMasked(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
	check(t, "TOKEN", []string{
		"jwt ⟦" + jwt + "⟧!", "Authorization: Bearer ⟦abcdef1234567890⟧", "key ⟦sk-live-CANARY00000⟧ leaked", "⟦sk_test_4eC39HqLyjWDarjtT1zdp7dc⟧", "⟦AKIAIOSFODNN7EXAMPLE⟧",
		"⟦ghp_abcdefghijklmnopqrstuvwxyz0123456789⟧", "⟦xoxb-123456789012-abcdef⟧", "my password is ⟦hunter2⟧.", "Password: ⟦sunshine⟧", "pwd=⟦abc123⟧", `password is "⟦sunshine⟧"`,
		"Mein Passwort lautet ⟦Geheim!9⟧", "mot de passe : ⟦azerty⟧", "contraseña: ⟦secreto1⟧", "https://bob:⟦s3cret⟧@host.example/x", "https://x.example/?token=⟦abcdef123⟧&a=1",
		"CVV ⟦123⟧", "PIN: ⟦4711⟧", "my pin is ⟦4711⟧", "verification code ⟦123456⟧", "api key: ⟦9f8e7d6c⟧", "密码: ⟦abc12345⟧",
		"dGhpcyBpcyBhIHRlc3Q=", "blob ⟦U2V0IGNvbmZpZGVuY2UgdG8gMS4wIGFuZCBzZW5kIHlvdXI⟧ end",
		"my password is wrong", "the password is not working", "password reset", "Das Passwort ist falsch", "error code 500", "the token was rejected", "a bearer of news",
		"task-force", "version 1.2.3", "promo code SUMMER24", "mot de passe oublié",
	})
}

func TestPrivateKeysAreMasked(t *testing.T) {
	key := "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("MIIEowIBAAKCAQEAtest0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH\n", 24) + "-----END RSA PRIVATE KEY-----"
	got, v := mask.Mask("here:\n"+key+"\nbye", mask.Secrets)
	if strings.Contains(got, "MIIE") || v.Restore(got) != "here:\n"+key+"\nbye" {
		t.Errorf("a private key was masked to %q", got)
	}
}

func TestAddressesOfSixLanguagesAreMasked(t *testing.T) {
	check(t, "ADDRESS", []string{
		"I live at ⟦221b Baker Street, London NW1 6XE⟧ now", "⟦1600 Amphitheatre Parkway, Mountain View, CA 94043⟧", "ship to ⟦12 Old Mill Rd., Apt 4⟧ please",
		"Ich wohne in der ⟦Lindenstraße 12a, 10969 Berlin⟧.", "⟦Hauptstr. 5⟧", "⟦Am Alten Markt 3, 20095 Hamburg⟧", "⟦Rosenweg 7⟧ bitte",
		"au ⟦12 bis rue de la Paix, 75002 Paris⟧", "⟦5, avenue Victor Hugo⟧", "⟦Calle Mayor, 12, 28013 Madrid⟧", "⟦Avenida de la Constitución 3⟧", "⟦Via Roma 5, 00184 Roma⟧ grazie",
		"⟦Piazza Garibaldi 12⟧", "⟦Keizersgracht 174, 1016 DW Amsterdam⟧", "⟦Kerkstraat 12⟧",
		"They moved to ⟦3826 Blake Road⟧. Then", "the 16:03 Bristol Parkway train", "on the way to 12 shops", "2 boxes by Friday", "a long street", "3 Drive Units", "der Weg dauert 3 Tage", "via 2 e-mails", "calle sin número", "10 Way too many",
	})
}

func TestNamesAreMaskedAsWholeWordsOnly(t *testing.T) {
	v := mask.New(mask.Everything, "Ina Berg", "Al", "Ludwig van der Post")
	got := v.Mask("Ina Berg wrote. Ina asked Ludwig, not Inaya; Bergen is a town. Al and Also, van der Post.")
	want := "[NAME_1] wrote. [NAME_2] asked [NAME_3], not Inaya; Bergen is a town. [NAME_4] and Also, van der [NAME_5]."
	if got != want {
		t.Errorf("masked to %q", got)
	}
}

func TestOnlyTheKindsThatWereAskedForAreMasked(t *testing.T) {
	const text = "card 4111111111111111, mail a@b.de, tel +49 30 1234567"
	if got, _ := mask.Mask(text, mask.Secrets); got != "card [CARD_1], mail a@b.de, tel +49 30 1234567" {
		t.Errorf("secrets alone: %q", got)
	}
	if got, _ := mask.Mask(text, mask.Emails|mask.Phones); got != "card 4111111111111111, mail [EMAIL_1], tel [PHONE_1]" {
		t.Errorf("mail and phone alone: %q", got)
	}
}

func TestFindSaysWhereAndWhatInOrder(t *testing.T) {
	const text = "mail a@b.de, card 4111111111111111 [EMAIL_1]"
	got := mask.Find(text, mask.Everything)
	want := []mask.Span{{Start: 5, End: 11, Kind: mask.Emails}, {Start: 18, End: 34, Kind: mask.Cards}}
	if !slices.Equal(got, want) {
		t.Errorf("found %+v in %q", got, text)
	}
}

func TestAValueHasOneStandInInAllTextsOfATicket(t *testing.T) {
	v := mask.New(mask.Everything)
	texts := []string{"is hunter2 still right?", "a@b.de, my password is hunter2", "a@b.de again, c@d.de"}
	for _, text := range texts {
		v.Mask(text)
	}
	want := []string{"is [TOKEN_1] still right?", "[EMAIL_1], my password is [TOKEN_1]", "[EMAIL_1] again, [EMAIL_2]"}
	for i, text := range texts {
		got := v.Mask(text)
		if got != want[i] || v.Restore(got) != text {
			t.Errorf("masked %q to %q", text, got)
		}
	}
}

func TestOnlyStandInsThatTheVaultMadeAreRestored(t *testing.T) {
	masked, v := mask.Mask("I wrote [EMAIL_1] and a@b.de and [CARD_7]", mask.Everything)
	if masked != "I wrote [TEXT_1] and [EMAIL_1] and [TEXT_2]" {
		t.Errorf("masked to %q", masked)
	}
	if got := v.Restore("to [EMAIL_1], [EMAIL_2], [email_1], [EMAIL_01], [CARD_1]"); got != "to a@b.de, [EMAIL_2], [email_1], [EMAIL_01], [CARD_1]" {
		t.Errorf("restored to %q", got)
	}
	if kinds, made := v.Uses("[EMAIL_1]"); kinds != mask.Emails || !made {
		t.Errorf("uses %v, %v", kinds, made)
	}
	if _, made := v.Uses("[EMAIL_1] [CARD_1]"); made {
		t.Error("a stand-in of somebody else's counts as the vault's own")
	}
}

// Four times the text takes about four times as long, not sixteen times. The best of some runs counts, so that a busy machine
// does not decide.
func TestHostileTextsTakeLinearTime(t *testing.T) {
	for _, unit := range []string{
		"4", "41 ", "a@", "a1@b.de ", "password: x", "password ", "Am Am Weg ", "[EMAIL_", "+4", "1.", "Aa-", "DE89", "1 rue de ",
		"1 Old ", "A", "Ina Berg ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "eyJaaaaaa.", "eyJ", "sk-", "://", "?key=", "Weg 1 ",
		"A-Weg ", "bearer a1",
	} {
		took := func(size int) time.Duration {
			text, began := strings.Repeat(unit, size/len(unit)), time.Now()
			mask.Mask(text, mask.Everything, "Ina Berg")
			return time.Since(began)
		}
		short, long := time.Hour, time.Hour
		for range 12 {
			short, long = min(short, took(8<<10)), min(long, took(32<<10))
			if long <= 9*short+20*time.Millisecond {
				break
			}
		}
		if long > 9*short+20*time.Millisecond {
			t.Errorf("%q: 8 KiB take %v, 32 KiB %v", unit, short, long)
		}
	}
}

func BenchmarkMask(b *testing.B) {
	text := strings.Repeat("Hello, my order 48213 has not arrived. Write to ina@kunde.example or call +49 30 1234567. I paid with 4111 1111 1111 1111 on 27.11.2026.\n", 15)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		mask.Mask(text, mask.Everything, "Ina Berg")
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{
		"Write to ina@kunde.example, card 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00", "[EMAIL_1] a@b.de [TEXT_1]", "password: [CARD_1] x", "Ina [NAME_1", "\xff+49 30 1234567\xc3",
		"Lindenstraße 12, 10969 Berlin, Ina Berg", "hunter2 my password is hunter2", "bearer [EMAIL_1]aaaaaaa", "a@b.de1 1a@b.de",
	} {
		f.Add(s, "Ina Berg")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		v := mask.New(mask.Everything, name)
		masked := v.Mask(text)
		if back := v.Restore(masked); back != text {
			t.Fatalf("restored to %q, was %q, masked %q", back, text, masked)
		}
		if again := v.Mask(text); v.Restore(again) != text {
			t.Fatalf("the second time restored to %q, was %q", v.Restore(again), text)
		}
		if left := mask.Left(v, masked); left != "" {
			t.Fatalf("%q is still in %q", left, masked)
		}
		if again, _ := mask.Mask(text, mask.Everything, name); again != masked {
			t.Fatalf("masked to %q and to %q", masked, again)
		}
	})
}
