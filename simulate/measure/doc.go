// Package measure holds the figures by which answers and triggers are judged: pure functions over outcomes, no files and no
// clock. They are the ones of the public scorer, so that a figure printed here can be set beside one published elsewhere.
//
//	items := []measure.Item{{P: 0.9, InScope: true, Right: true}, {P: 0.4}}
//	fmt.Printf("AURC %.3f, coverage at 2 %% wrong %.2f\n", measure.AURC(items), measure.AtRisk(items, 0.02).Coverage)
//
// Every rate is a share, 0..1. Of no items at all every figure is 0.
package measure
