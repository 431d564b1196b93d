// Package brain holds what every brain knows of a team: its macros, its articles and its solved tickets, in the file
// formats that people bring (JSON, one object a line).
//
//	past, err := brain.ReadTickets(f)
//	var bad brain.BadLines
//	if errors.As(err, &bad) {
//		// past still holds every good line; bad says which lines are not there, and why
//	}
//
// The built-in brain is in brain/local; a language model's is in brain/llm.
package brain
