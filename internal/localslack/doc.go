// Package localslack is a Slack workspace in a box: Slack's Web API and Socket
// Mode from the other side, a control API that lets people act in it, and a
// page that shows it. An app built on Slack's own clients cannot tell the
// difference; the workspace refuses what Slack refuses, and misbehaves on
// demand.
//
//	w, err := localslack.New(localslack.Options{Config: config, Journal: "slack.jsonl"})
//	if err != nil {
//		return err
//	}
//	defer w.Close()
//	return http.Serve(listener, w.Handler())
//
// An app then uses http://ADDRESS/api/ as Slack's API; a person opens
// http://ADDRESS/slack/. The workspace opens no socket of its own and hands out
// addresses made from each request's Host, so any listener will do, also one
// of package pipenet inside a testing/synctest bubble.
//
// # Config
//
// [LoadConfig] reads YAML; ids may be left out, members are names or ids:
//
//	team: {name: Northlight, domain: northlight}
//	users:
//	  - {name: ana, real_name: Ana Alvarez, email: ana@northlight.example, tz: Europe/Madrid}
//	channels:
//	  - {name: support, topic: Tickets, members: [ana, warmline]}
//	groups:
//	  - {handle: support-agents, name: Support agents, users: [ana]}
//	apps:
//	  - name: Warmline # its bot user is warmline
//	    bot_token: xoxb-local
//	    app_token: xapp-local
//	    scopes: [chat:write, commands, channels:history, users:read]
//	    commands: [{command: /escalate, description: Steer the hand-off, usage_hint: "[next|queue]"}]
//	  - {manifest: manifest.yml, bot_token: xoxb-other, app_token: xapp-other} # scopes, events, commands, shortcuts
//
// An app gets the events that it is subscribed to, as far as its scopes and its
// memberships allow; one that names no events gets all that they allow.
//
// # Paths
//
//	/api/METHOD       Web API: token in a form field, JSON body or Authorization header
//	/_socket/TICKET   WebSocket of Socket Mode; a ticket from apps.connections.open opens one
//	/_response/ID     response_url: five uses within 30 minutes
//	/_upload/TICKET   takes the bytes of one file, raw or in a form
//	/_files/F/NAME    a file: to an app with files:read, and to the page
//	/archives/C/pTS   permalink; shows the message on the page
//	/slack/           the page (package page)
//	/_control/…       the control API, JSON in and out; refusals are 4xx {"ok":false,"error":…}
//
// # Control API
//
// Users and channels are given by name or id.
//
//	GET  state                       channels, users, groups, commands, apps, team
//	GET  messages?channel=&as=       oldest first, replies included; as: that person's ephemerals too
//	GET  views?user=                 Home views, then open modals, lowest first
//	GET  stream                      Server-Sent Events: event change, data {kind, channel, user, ts}
//	GET  traffic?after=              the last calls, replies, envelopes and acks, without tokens
//	POST click                       {channel, ts | view_id, action_id, block_id?, value?, state?, force?, user}
//	POST command                     {command, text, channel, user}
//	POST submit                      {view_id, values, user}
//	POST close                       {view_id, user}
//	POST message                     {channel, thread_ts?, text, user}
//	POST edit                        {channel, ts, text, user}: of one's own message
//	POST delete                      {channel, ts, user}: the same, or what only they see
//	POST react                       {channel, ts, name, remove?, user}
//	POST upload                      {channel, thread_ts?, name, data, alt_txt?, text?, user}: data in base64, 2 MB at most
//	POST upload                      {view_id, name, data, user}: picked in a modal, whose values name it by its id
//	POST unshare                     {file, user}: deletes a file of one's own
//	POST shortcut                    {callback_id, channel?, ts?, user}
//	POST suggest                     {channel, ts | view_id, action_id, block_id?, query, user}: answers options
//	POST home                        {user}: opens the Home tab, answers the view published for it
//	POST group                       {handle, add?, remove?, silent?}
//	POST channel                     {channel, add?, remove?, archived?}: members, bots included
//	POST person                      {user, status_text?, status_emoji?, status_minutes?, away?, dnd_in?, dnd_minutes?, deleted?}
//	POST fault                       {method | envelope, status?, error?, after_apply?, times?, retry_after?,
//	                                  delay_ms?, probability?, seed?} or {clear: true}
//	POST disconnect                  {reason: warning | refresh_requested | link_disabled | abrupt, count?, app?}
//	POST redeliver                   {envelope_id}: the same envelope again
//
// click, command, submit, shortcut and suggest wait for the app's ack, three
// seconds at most.
//
// # Journal
//
// Every change is one line of JSON, appended before anyone is told of it; the
// state is the config plus the replay of all lines. Each line is a [Record]:
// seq, at, kind, and by kind:
//
//	message_posted, message_updated, ephemeral_posted, ephemeral_updated   message: the whole new state
//	message_deleted, ephemeral_deleted                                     channel, ts
//	reactions_changed                                                      channel, ts, reactions: all of them
//	channel_joined, channel_left                                           channel, user
//	channel_archived, channel_unarchived                                   channel
//	person_changed                                                         user, person: all that has changed
//	conversation_opened                                                    channel, user, users
//	group_changed                                                          group, users: all members
//	view_opened, view_updated, view_published, view_closed                 view
//	file_uploaded                                                          file, with its bytes
//	file_completed                                                         file: id, title, shares
//	file_given, file_deleted                                               file: id, given: the apps that may read it
//	interaction_delivered, interaction_acked                               user, interaction (ack_ms, ack)
//	interaction_timed_out, interaction_undelivered                         user, interaction (reason)
//
// A line is one write to the file, without fsync: it survives the kill of any
// process, not a power cut. A torn last line is dropped at the next start.
package localslack
