// Package group finds the answers in a team's past replies. Real history has no answer ids: people send macros with the
// blanks filled in, or write much the same words again and again. Replies that say the same become one answer, so that
// "was it right?" can be judged on any team's export.
//
//	k = group.Answers(k)          // every past ticket with a reply has a Gold.AnswerID now
//	for _, a := range group.Find(k) {
//		fmt.Println(a.ID, len(a.Tickets), a.Seldom())
//	}
//
// A reply is first reduced to what it says: greeting, signature, courtesies, what stands in replies of every kind, and names,
// numbers, dates, links and addresses are left out. What is left is compared with the macros (is the macro in it?) and then
// with other replies (are they nearly equal?), by the words that stand together. The same history gives the same answers; it
// takes time in proportion to its length.
package group
