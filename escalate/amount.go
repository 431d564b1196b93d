package escalate

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	plainAmount = regexp.MustCompile(`^[0-9]{1,15}(\.[0-9]{1,9})?$`)
	// thousands may be one number with a point before its decimals, or a thousand times that.
	thousands = regexp.MustCompile(`^[1-9][0-9]{0,2}\.[0-9]{3}$`)
)

// AmountOf reads from a JSON value what a matter is worth, of a field that anybody may have filled in: a plain number from 0 on, as a
// number or as text. Whatever else stands there is 0, which is not known: "1.234,50", "€ 5" and "1.234", which is a thousand to one and
// one to another, are not guessed at.
func AmountOf(raw json.RawMessage) float64 {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return 0
	}
	if raw[0] == '"' {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return 0
		}
		return AmountIn(text)
	}
	var n float64 // what a program wrote as a number is one, 1.234 and 1e3, too
	if json.Unmarshal(raw, &n) != nil {
		return 0
	}
	return amountOrNone(n)
}

// AmountIn is AmountOf of text that is in no JSON.
func AmountIn(text string) float64 {
	text = strings.TrimSpace(text)
	if !plainAmount.MatchString(text) || thousands.MatchString(text) {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return amountOrNone(n)
}

// largestAmount is beyond what anything is worth, and within what a float counts exactly.
const largestAmount = 1e15

func amountOrNone(n float64) float64 {
	if math.IsNaN(n) || n <= 0 || n >= largestAmount {
		return 0
	}
	return n
}
