// Package mask finds personal data in a text and puts stand-ins in its place before the text leaves the machine.
//
//	v := mask.New(mask.Everything, ticket.Customer.Name)
//	out := v.Mask("Write to ina@kunde.example about card 4111 1111 1111 1111")
//	// out is "Write to [EMAIL_1] about card [CARD_1]"
//	back := v.Restore(out) // the text as it was, byte for byte
//
// What is found: payment cards (Luhn), IBANs (mod 97), keys, tokens and passwords, e-mail addresses, telephone numbers,
// street addresses of six languages, and the names that the caller gives. Order numbers, versions, dates and amounts stay:
// a text without them would help nobody. Time is linear in the text.
package mask
