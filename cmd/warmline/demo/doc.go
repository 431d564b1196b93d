// Package demo holds the small invented company that `warmline demo` runs: its people and channels, what it knows
// (macros and help-centre articles), what it answered in the past, and tickets that are about to come in. The files are
// embedded, in the formats of people's own imports, so the demo shows nothing that a real team could not bring.
//
//	company, err := demo.Load()
//	if err != nil {
//		return err
//	}
//	for _, t := range company.Live {
//		fmt.Printf("%s (should be %s)\n", t.Subject, t.Expect)
//	}
//
// The topic in Company.AutoTopics is the one with enough good, alike answers to be promoted to auto; everything else is
// drafted or goes to a person. Macros and articles exist per language: the id of a translation ends in -de, -fr or -es.
// No customer is real, and every address ends in .example.
package demo
