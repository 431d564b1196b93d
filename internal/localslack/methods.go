package localslack

// methods is every Web API method that the workspace knows. Tiers, scopes and
// required arguments are those of Slack's reference (slack-api-ref,
// 2026-08-20, MIT).
var methods map[string]method

// init, because the functions in the table read it through the workspace.
func init() {
	readChannels := []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	readHistory := []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	write := []string{"chat:write"}
	methods = map[string]method{
		"api.test":              {noToken, unlimited, nil, nil, apiTest},
		"auth.test":             {botToken, tierSpecial, nil, nil, authTest},
		"apps.connections.open": {appToken, tierThree, nil, nil, connectionsOpen},
		"blocks.validate":       {noToken, unlimited, nil, nil, blocksValidate},
		"bots.info":             {botToken, tierThree, []string{"users:read"}, nil, botsInfo},
		"team.info":             {botToken, tierThree, []string{"team:read"}, nil, teamInfo},

		"chat.postMessage":   {botToken, tierSpecial, write, []string{"channel"}, chatPostMessage},
		"chat.postEphemeral": {botToken, tierFour, write, []string{"channel", "user"}, chatPostEphemeral},
		"chat.update":        {botToken, tierThree, write, []string{"channel", "ts"}, chatUpdate},
		"chat.delete":        {botToken, tierThree, write, []string{"channel", "ts"}, chatDelete},
		"chat.getPermalink":  {botToken, tierSpecial, nil, []string{"channel", "message_ts"}, chatGetPermalink},
		"reactions.add":      {botToken, tierThree, []string{"reactions:write"}, []string{"channel", "name", "timestamp"}, reactionsAdd},
		"reactions.remove":   {botToken, tierTwo, []string{"reactions:write"}, []string{"name"}, reactionsRemove},
		"reactions.get":      {botToken, tierThree, []string{"reactions:read"}, []string{"channel", "timestamp"}, reactionsGet},

		"conversations.list":    {botToken, tierTwo, readChannels, nil, conversationsList},
		"conversations.info":    {botToken, tierThree, readChannels, []string{"channel"}, conversationsInfo},
		"conversations.history": {botToken, tierThree, readHistory, []string{"channel"}, conversationsHistory},
		"conversations.replies": {botToken, tierThree, readHistory, []string{"channel", "ts"}, conversationsReplies},
		"conversations.members": {botToken, tierFour, readChannels, []string{"channel"}, conversationsMembers},
		"conversations.join":    {botToken, tierThree, []string{"channels:join"}, []string{"channel"}, conversationsJoin},
		"conversations.open":    {botToken, tierThree, []string{"im:write", "mpim:write", "channels:manage", "groups:write"}, nil, conversationsOpen},

		"users.list":              {botToken, tierTwo, []string{"users:read"}, nil, usersList},
		"users.info":              {botToken, tierFour, []string{"users:read"}, []string{"user"}, usersInfo},
		"users.lookupByEmail":     {botToken, tierThree, []string{"users:read.email"}, []string{"email"}, usersLookupByEmail},
		"users.getPresence":       {botToken, tierThree, []string{"users:read"}, []string{"user"}, usersGetPresence},
		"users.profile.get":       {botToken, tierFour, []string{"users.profile:read"}, []string{"user"}, usersProfileGet},
		"dnd.info":                {botToken, tierThree, []string{"dnd:read"}, nil, dndInfo},
		"dnd.teamInfo":            {botToken, tierTwo, []string{"dnd:read"}, []string{"users"}, dndTeamInfo},
		"users.conversations":     {botToken, tierThree, readChannels, nil, usersConversations},
		"usergroups.list":         {botToken, tierTwo, []string{"usergroups:read"}, nil, usergroupsList},
		"usergroups.users.list":   {botToken, tierTwo, []string{"usergroups:read"}, []string{"usergroup"}, usergroupsUsersList},
		"usergroups.users.update": {botToken, tierTwo, []string{"usergroups:write"}, []string{"usergroup", "users"}, usergroupsUsersUpdate},

		"files.getUploadURLExternal":   {botToken, tierFour, []string{"files:write"}, []string{"length", "filename"}, filesGetUploadURLExternal},
		"files.completeUploadExternal": {botToken, tierFour, []string{"files:write"}, []string{"files"}, filesCompleteUploadExternal},
		"files.info":                   {botToken, tierFour, []string{"files:read"}, []string{"file"}, filesInfo},

		"views.open":    {botToken, tierFour, nil, []string{"view"}, viewsOpen},
		"views.push":    {botToken, tierFour, nil, []string{"view"}, viewsPush},
		"views.update":  {botToken, tierFour, nil, []string{"view"}, viewsUpdate},
		"views.publish": {botToken, tierFour, nil, []string{"user_id", "view"}, viewsPublish},
	}
}

// takesForms are the methods that read a form or a query, and nothing of a
// JSON body.
var takesForms = []string{
	"bots.info", "chat.getPermalink", "conversations.info", "conversations.list", "conversations.members",
	"conversations.replies", "dnd.info", "dnd.teamInfo", "files.getUploadURLExternal", "files.info", "reactions.get",
	"usergroups.list", "usergroups.users.list", "users.conversations", "users.getPresence", "users.info", "users.list",
	"users.lookupByEmail", "users.profile.get",
}

func apiTest(c *call) (obj, error) {
	echo := obj{}
	for k := range c.args {
		if k != "token" {
			echo[k] = c.str(k)
		}
	}
	if code := c.str("error"); code != "" {
		return nil, &apiError{code: code, extra: obj{"args": echo}}
	}
	return obj{"args": echo}, nil
}

func authTest(c *call) (obj, error) {
	bot := c.st.user(c.app.BotUser)
	return obj{
		"url": c.base + "/", "team": c.st.team.Name, "team_id": c.st.team.ID,
		"user": bot.Name, "user_id": bot.ID, "bot_id": c.app.botID(), "is_enterprise_install": false,
	}, nil
}

func teamInfo(c *call) (obj, error) {
	t := c.st.team
	return obj{"team": obj{
		"id": t.ID, "name": t.Name, "domain": t.Domain, "email_domain": "", "is_verified": false,
		"url": c.base + "/", "icon": obj{"image_default": true},
	}}, nil
}

func botsInfo(c *call) (obj, error) {
	want := c.str("bot")
	for _, a := range c.st.apps {
		if want == a.botID() || want == "" && a == c.app {
			p := a.profile(c.st.team.ID)
			delete(p, "team_id")
			p["user_id"] = a.BotUser
			return obj{"bot": p}, nil
		}
	}
	return nil, refuse("bot_not_found")
}

func blocksValidate(c *call) (obj, error) {
	var given []string
	for _, name := range []string{"blocks", "message", "view"} {
		if c.has(name) {
			given = append(given, name)
		}
	}
	if len(given) != 1 || len(c.json(given[0])) > 100_000 {
		return nil, refuse("invalid_arguments", "must provide exactly one of `blocks`, `view`, or `message`")
	}
	raw := c.json(given[0])
	var found []BlockError
	switch given[0] {
	case "blocks":
		found = CheckBlocks(raw, SurfaceMessage)
	case "view":
		found = CheckView(raw)
	default:
		found = checkMessage(raw)
	}
	if len(found) == 0 {
		return obj{}, nil
	}
	errs := make([]obj, len(found))
	for i, f := range found {
		errs[i] = obj{
			"code": "failed_constraint", "message": f.Message, "pointer": f.Pointer,
			"constraint": obj{"type": f.Constraint, "expected": f.Expected},
		}
	}
	return nil, &apiError{code: "invalid_" + given[0], errors: errs}
}
