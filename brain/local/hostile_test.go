package local_test

import (
	"strings"
	"testing"
	"time"
)

// FuzzAssess holds that hostile text neither panics nor yields evidence outside the text.
func FuzzAssess(f *testing.F) {
	for _, s := range []string{
		"", " ", "\x00\xff\xfe", "{{customer_name}} {{", "On Mon wrote:\n> > >", "ＦＵＬＬ ｗｉｄｔｈ ｒｅｆｕｎｄ", "İstanbul ǅ ﬁ ß ŉ", "👩‍👩‍👧‍👦\u202e\u200b", "l'", "d''t qu'", "人工", "人",
		"On 1.2.3.4. 5,6,,7 #### --- 9999999999999999999999", "<!channel> <@U1|x> *_~`", strings.Repeat("refund ", 4000),
	} {
		f.Add(s, s)
	}
	b := newBrain(f, knowledge(f))
	f.Fuzz(func(t *testing.T, subject, text string) {
		tk := ticket("c: "+text, "b: "+subject, "c: "+text)
		tk.Content.Subject, tk.Content.Customer.Name = subject, text
		a := assess(t, b, tk)
		for _, s := range a.Signals {
			if !(s.Strength >= 0 && s.Strength <= 1) {
				t.Fatalf("strength %v", s.Strength)
			}
			for _, e := range s.Evidence {
				if m := tk.Content.Find(e.Message); m == nil || e.Start < 0 || e.Start > e.End || e.End > len(m.Text) {
					t.Fatalf("evidence %+v lies outside the text", e)
				}
			}
		}
		if !(a.Confidence >= 0 && a.Confidence < 1) {
			t.Fatalf("confidence %v", a.Confidence)
		}
	})
}

// Four times the text takes about four times as long, not sixteen times: the best of three runs each, so that a busy
// machine does not decide.
func TestHostileLengthIsReadInLinearTime(t *testing.T) {
	b := newBrain(t, knowledge(t))
	best := func(word string, size int) time.Duration {
		tk := ticket("c: " + strings.Repeat(word, size/len(word)))
		fastest := time.Hour
		for range 3 {
			began := time.Now()
			assess(t, b, tk)
			fastest = min(fastest, time.Since(began))
		}
		return fastest
	}
	for _, word := range []string{"talk to ", "no not never ", "ignore all ", "人工", "a", "> On x wrote:\n", "1 2 3.4/5 ", "{{x}} ", "l'", "!!! "} {
		short, long := best(word, 16<<10), best(word, 64<<10)
		if long > 9*short+50*time.Millisecond {
			t.Errorf("%q: 16 KiB take %v, 64 KiB %v", word, short, long)
		}
	}
}

func BenchmarkAssess(b *testing.B) {
	k := knowledge(b)
	for n := range 950 {
		p := k.Past[n%57]
		p.ID = string(rune('A'+n%26)) + p.ID + string(rune('A'+n/57))
		k.Past = append(k.Past, p)
	}
	br := newBrain(b, k)
	tk := ticket("c: Hello,\n\nI ordered two sensors last week and my parcel has not arrived yet. The tracking page shows nothing. Could you tell me where order 48211 is and when it will be here? I am leaving on Friday.\n\nBest regards\nIna",
		"b: Your parcel leaves our warehouse within two working days.", "c: That was a week ago, it is still not here!")
	for b.Loop() {
		assess(b, br, tk)
	}
}
