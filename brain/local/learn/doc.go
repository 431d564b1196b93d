// Package learn holds the linear models of the built-in brain: what a text is made of (Grams), the space that a team's own
// past spans (Space), two classifiers in it (Hinge, Softmax) and the small regression that turns evidence into a
// probability (Logistic).
//
//	space := learn.NewSpace(rows, learn.SpaceOptions{})
//	set := space.Set(rows, nil)
//	m, err := learn.Hinge(ctx, set, labels, classes, learn.HingeOptions{Seed: 1})
//	m.Scores(space.Vector(&grams, nil, &learn.Vector{}), scores)
//
// Everything is deterministic: the same rows in the same order and the same seed give the same bytes. Nothing here knows what
// a ticket is.
//
// The innermost loops are marked go:norace: they touch nothing but what their goroutine owns, and under the race detector learning
// would take ten times as long.
package learn
