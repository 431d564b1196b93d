package mask

import "slices"

// Left returns a value of the vault that still stands in a masked text as a word of its own, or "".
func Left(v *Vault, masked string) string {
	rest := standIn.ReplaceAllString(masked, "\x00")
	var values []string
	for value, t := range v.tokens {
		if v.of[t] != literal {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	for _, value := range values {
		if len(wholeWords(rest, value)) > 0 {
			return value
		}
	}
	return ""
}
