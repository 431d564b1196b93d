// Package generic connects a helpdesk that has no connector of its own: a mapping, one file in YAML, says where in its answers what
// stands, how its calls are made and how its webhooks are signed. The mapping holds no program: paths, words and templates alone.
//
//	mapping, faults := generic.CheckMapping(source) // needs no account, and finds all faults at once
//	…
//	desk, err := generic.Connect(generic.Options{Name: "shop", URL: "https://desk.example.com/api", Secret: secret, Mapping: mapping})
//	snapshot, err := desk.Read(ctx, "1042")
//
// What a mapping leaves out, the account cannot do, and Abilities says so. What is sent is built as values and then encoded: no
// customer's text can change the form of a request. A reply and a note must name their visibility, and differ in it.
package generic
