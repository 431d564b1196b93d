// Package builtin is the helpdesk that ships inside Warmline, for demos and tests: a server with a JSON API, signed
// webhooks, a changes feed and a page (Desk), and the connector that Warmline reaches it through (Connector). The two
// meet over HTTP alone, as with any other helpdesk.
//
//	d, err := builtin.New(builtin.Options{Journal: "desk.journal", Company: "Lumen Bikes"})
//	…
//	go d.Run(ctx) // delivers webhooks
//	err = http.Serve(listener, d.Handler())
//
// Everything a desk holds is in its journal, one JSON object a line (Record); its state is the replay of those lines.
// A judge can therefore read what really happened without asking the desk.
//
// # API
//
//	GET   /desk/api/tickets?since=&status=&limit=   newest first, without messages
//	POST  /desk/api/tickets                         {subject, customer:{name,email}, text, channel?, tags?, category?, id?, plan?, files?}
//	GET   /desk/api/tickets/{id}                    whole; ?view=customer shows what the customer sees
//	POST  /desk/api/tickets/{id}/messages           {role, author?, author_email?, text, public, marker?, stamp?, files?}
//	PATCH /desk/api/tickets/{id}/messages/{id}      {text}: a customer edits what they wrote
//	GET   /desk/api/tickets/{id}/messages/{id}/files/{id}   a file's bytes; ?view=customer has no internal ones
//	PATCH /desk/api/tickets/{id}                    {status?, assignee?, add_tags?}
//	GET   /desk/api/agents?email=
//	GET   /desk/api/changes?after=&limit=           after=now gives the cursor of now
//	GET   /desk/api/stream                          server-sent events: the changes feed, live
//	POST  /desk/api/_faults                         misbehave on request (Fault); GET lists, DELETE clears
//
// Files go along as [{name, type?, body: base64}], at most ten and 8 MiB together; a message tells of them as [{id, name, type, size}].
// A stamp that is no longer the ticket's is answered 409 {"error":"moved: …","stamp":…}. Errors are
// {"error": "what, which, what to do"}.
package builtin
