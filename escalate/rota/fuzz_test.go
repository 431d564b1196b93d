package rota_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"warmline/escalate/rota"
)

// Whatever somebody writes and whenever: either it is a span that an override may have, or they are told what is wrong. Written
// out in full the span is the same.
func FuzzParseSpan(f *testing.F) {
	for _, seed := range []string{
		"fri 9:00-13:00", "tomorrow 9-13", "2026-12-24 18:00 - 2026-12-27 9:00", "now–17:00", "for 1h 30 min", "sat 9am for 2 days",
		"until mon 9:00", "mon-fri", "9-13 tomorrow", "from 2026-12-24T18:00 to sun", "12am-12pm", "fri 2:10-2:50", "24:00-1", "for 9999 weeks",
	} {
		f.Add(seed, uint32(1_796_207_400), uint8(0))
	}
	f.Add("sun 2:30-3:30", uint32(1_772_900_000), uint8(0))
	f.Add("today", uint32(1_325_200_000), uint8(3))
	f.Fuzz(func(t *testing.T, text string, seconds uint32, zone uint8) {
		loc := load(t, zones[int(zone)%len(zones)])
		now := time.Unix(int64(seconds), 0)
		span, err := rota.ParseSpan(text, now, loc)
		again, errAgain := rota.ParseSpan(" "+strings.ToUpper(text), now, loc)
		ascii := !strings.ContainsFunc(text, func(r rune) bool { return r > 127 })
		if ascii && len(text) < 200 && ((err == nil) != (errAgain == nil) || again != span) {
			t.Fatalf("%q is %v, %v; in capitals %v, %v", text, span, err, again, errAgain)
		}
		if err != nil {
			var fault *rota.SpanFault
			if !errors.As(err, &fault) || fault.What == "" || len([]rune(fault.Text)) > 61 || span != (rota.Span{}) {
				t.Fatalf("%q: %v, %v", text, span, err)
			}
			return
		}
		if span.From.Before(now) || span.From.Location() != loc || span.To.Location() != loc {
			t.Fatalf("%q at %v: %v", text, now, span)
		}
		o := rota.Override{Kind: rota.Off, Person: "UANA", From: span.From, To: span.To}
		if err := o.Validate(); err != nil {
			t.Fatalf("%q at %v: %v is refused: %v", text, now, span, err)
		}
		const full = "2006-01-02 15:04"
		whole := span.From.Format(full) + " - " + span.To.Format(full)
		for _, end := range []time.Time{span.From, span.To} {
			shown, same := end.Format(full), func(d time.Duration) bool { return end.Add(d).Format(full) == end.Format(full) }
			if first, err := time.ParseInLocation(full, shown, loc); err != nil || !first.Equal(end) || same(-time.Hour) || same(-30*time.Minute) {
				return // not on a whole minute, or the second time that it is shown
			}
		}
		if again, err := rota.ParseSpan(whole, now, loc); err != nil || !again.From.Equal(span.From) || !again.To.Equal(span.To) {
			t.Fatalf("%q at %v: %v; in full %q: %v, %v", text, now, span, whole, again, err)
		}
	})
}
