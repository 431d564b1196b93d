// Package simulate replays a team's own past through a brain and the decision, and says what would have been answered and how
// much of it would have been wrong.
//
// A simulation that asks a brain what it has learned from is a sales pitch. So every question is put to a brain that has not
// learned from it, nor from its near-duplicates, nor (where the past has an order in time) from anything after it; and a share
// of the answers is left out of training altogether, because in life questions come that nothing on file answers:
//
//	result, err := simulate.Run(ctx, simulate.Options{
//		Past: past, Macros: macros, Budget: 0.02,
//		Build: func(_ context.Context, k brain.Knowledge) (simulate.Brain, error) {
//			return local.New(local.Options{Knowledge: k, Seed: "1"})
//		},
//	})
//	report, err := result.Report(simulate.ReportOptions{})
//	err = report.WriteText(os.Stdout)
//
// Run is slow, because it trains; everything that is asked of a Result afterwards is counting: other budgets, other policies.
package simulate
