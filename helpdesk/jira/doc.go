// Package jira connects a Jira Service Management account in Jira Cloud.
//
// A ticket is an issue, and its id is the number ("10042"), never its key ("SUP-42"): an issue that is moved to another
// project gets another key and keeps its id. What agents read and type is the key; Content.URL has it.
//
// # Two interfaces
//
// Jira has two, and each can do what the other cannot:
//
//	                       /rest/api/3 (the platform)             /rest/servicedeskapi (service management)
//	who sees a comment     an entity property; PUBLIC without it  a field that must be there
//	hidden marker          a property of the comment              none
//	text                   a document (ADF)                       wiki markup
//	files in a comment     no: they hang at the issue             yes, with their own visibility
//
// So text is written through the platform: one call holds the text, who may see it and our marker, and all of it arrives or none
// does. Both kinds of comment name their visibility, and what came out is checked in the answer: a note that came out public is
// deleted at once and written through the other interface, as are all notes after it. A comment with files goes through service
// management, where the files have the comment's visibility; its marker is a reference at the end of its text, because a property
// would be a second call.
//
//	c, err := jira.Connect(jira.Options{
//		Name: "shop", URL: "https://shop.atlassian.net", Email: "warmline@shop.example", Token: "…", Projects: []string{"SUP"},
//	})
//	…
//	snapshot, err := c.Read(ctx, "10042")
package jira
