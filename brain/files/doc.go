// Package files reads what a team brings: past tickets, macros and articles, as JSON lines or as a table (CSV), packed by
// gzip or not, from a file or from standard input. A table's columns are told by a mapping, or guessed from their names.
//
//	skip := func(name string, bad brain.BadLine) error { log.Print(name, ": ", bad); return nil }
//	err := files.Options{Bad: skip}.Tickets("export.csv.gz", func(line int, p brain.Past) error {
//		past = append(past, p)
//		return nil
//	})
//
// Files are read once, from front to back; at most one row of at most brain.MaxLine bytes is held at a time.
package files
