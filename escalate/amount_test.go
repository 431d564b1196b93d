package escalate_test

import (
	"encoding/json"
	"math"
	"testing"

	"warmline/escalate"
)

func TestAnAmountIsReadOrIsNone(t *testing.T) {
	for raw, want := range map[string]float64{
		`1250.5`: 1250.5, `"1250.5"`: 1250.5, `" 1250.50 "`: 1250.5, `5000`: 5000, `"5000"`: 5000, `"007"`: 7, `1.234`: 1.234, `1e3`: 1000, `"0.125"`: 0.125,
		`"1.2345"`: 1.2345, `"1234.567"`: 1234.567, `0`: 0, `"0"`: 0, `999999999999999`: 999999999999999,
		// None of these is guessed at.
		`"1.234,50"`: 0, `"1,234.50"`: 0, `"1.234"`: 0, `"12.000"`: 0, `"1234,5"`: 0, `"1 234"`: 0, `"1'234"`: 0, `"1_000"`: 0, `"€ 5"`: 0, `"5 EUR"`: 0,
		`"-5"`: 0, `-5`: 0, `-0`: 0, `"-0"`: 0, `"+5"`: 0, `"NaN"`: 0, `"Inf"`: 0, `"Infinity"`: 0, `1e999`: 0, `"1e3"`: 0, `"0x10"`: 0, `"٣"`: 0, `1e15`: 0,
		`"9999999999999999"`: 0, `".5"`: 0, `"5."`: 0, `"much"`: 0, `""`: 0, `null`: 0, `true`: 0, `{}`: 0, `[5]`: 0, ``: 0, `"5`: 0, `"5\n6"`: 0,
	} {
		if got := escalate.AmountOf(json.RawMessage(raw)); got != want {
			t.Errorf("%s: got %v, want %v", raw, got, want)
		}
	}
}

func FuzzAmount(f *testing.F) {
	for _, seed := range []string{`1250.5`, `"1.234,50"`, `"1e308"`, `-0`, `null`, `"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, got := range []float64{escalate.AmountOf(json.RawMessage(raw)), escalate.AmountIn(raw)} {
			if math.IsNaN(got) || math.Signbit(got) || got >= 1e15 {
				t.Errorf("%q: %v is no amount", raw, got)
			}
		}
	})
}
