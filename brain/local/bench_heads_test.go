package local_test

import (
	"strings"
	"testing"
)

// BenchmarkHeads measures what the heads add to reading a ticket: the same tickets with a team's labels and without.
func BenchmarkHeads(b *testing.B) {
	for _, team := range []struct{ name, with, without string }{
		{"without", `{}`, `{}`},
		{"with", `{"high_risk": ["warranty", "own", "more"], "anger": true, "human_request": true}`, `{"high_risk": [], "anger": false, "human_request": false}`},
	} {
		r := newBrain(b, shop(b, team.with, team.without))
		for _, text := range []struct{ name, text string }{
			{"calm", "Which battery fits the lamp in the attic?"},
			{"fires", "The lamp in my attic cracked, can you swap it"},
			{"long", strings.Repeat("The lamp in my attic works but I would like to know which battery fits it. ", 20)},
		} {
			b.Run(team.name+"/"+text.name, func(b *testing.B) {
				tk := ticket("c: " + text.text)
				for b.Loop() {
					assess(b, r, tk)
				}
			})
		}
	}
}
