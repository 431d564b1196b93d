package learn_test

import (
	"context"
	"fmt"
	"strings"

	"warmline/brain/local/learn"
)

func Example() {
	texts := []string{
		"my lamp broke", "the hub broke again", "it broke today",
		"where is my lamp", "where is the hub", "where can it be",
	}
	labels := []int{0, 0, 0, 1, 1, 1}
	rows := make([]*learn.Grams, len(texts))
	for i, text := range texts {
		g := learn.Read(strings.Fields(text))
		rows[i] = &g
	}
	space := learn.NewSpace(rows, learn.SpaceOptions{})
	m, err := learn.Hinge(context.Background(), space.Set(rows, nil), labels, 2, learn.HingeOptions{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	words := strings.Fields("where is the cable")
	g := learn.Read(words)
	v := space.Vector(&g, nil, &learn.Vector{})
	scores := make([]float32, m.Classes())
	m.Scores(v, scores)
	learn.Probabilities(scores, 1)
	pulls := space.Places(words, v).Pulls(m, 1)
	fmt.Println("likelier a question than a fault:", scores[1] > scores[0])
	fmt.Println("because of “where” more than of “the”:", pulls[0] > pulls[2])
	// Output:
	// likelier a question than a fault: true
	// because of “where” more than of “the”: true
}
