// Package desk is Warmline's use cases: what happens when a ticket changes, when somebody presses a button, and when
// a timer fires. It knows the outside world only through the ports of ports.go.
//
// Every use case has the same shape: look outside (helpdesk, brain, Slack) without a transaction, then commit what
// follows from it in one: the ticket's new state, its history, and one durable job for each thing to do outside.
//
//	service, err := desk.New(desk.Options{Store: st, Helpdesks: map[string]desk.Helpdesk{"main": hd}, Brain: br, …})
//	service.Receive(ctx, desk.Notice{Ref: escalate.Ref{Desk: "main", ID: "17"}, Delivery: "msg_1"}) // durable when it returns nil
//
// The jobs' handlers (Handlers) are run by a queue; each may run more than once and looks at the state before it acts.
package desk
