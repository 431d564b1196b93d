// bolt.mjs is a small support desk on Slack's own framework. It knows Slack's documentation and nothing of the workspace
// that it runs against: only slackApiUrl differs from an app in production.
import bolt from "@slack/bolt";
import { connection, runUntilTold } from "./run.mjs";

const { App } = bolt;
const app = new App({ ...connection, socketMode: true });
const plain = (text) => ({ type: "plain_text", text, emoji: true });
const section = (text) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (text, action_id, value) => ({ type: "button", text: plain(text), action_id, ...(value && { value }) });

/** The card of a ticket: who has it, and what can be done. */
const card = (owner) => ({
  text: "Ticket 7",
  blocks: [
    { type: "header", text: plain("Ticket 7: charged twice") },
    section(owner ? `Claimed by <@${owner}>` : "Nobody has it"),
    { type: "actions", block_id: "act", elements: [button("Claim", "claim", "7"), button("Edit", "edit"), button("Whisper", "whisper"), button("Dismiss", "dismiss")] },
  ],
});

app.command("/escalate", async ({ command, ack, respond, client }) => {
  if (command.text === "post") {
    await ack();
    await client.chat.postMessage({ channel: command.channel_id, ...card(), metadata: { event_type: "ticket", event_payload: { number: 7 } } });
  } else if (command.text === "later") {
    await ack();
    await respond({ text: "One moment", response_type: "ephemeral" });
    await respond({ text: "Here for all", response_type: "in_channel" });
  } else {
    await ack({ response_type: "ephemeral", text: "2 waiting", blocks: [section(`2 waiting in ${command.text}`)] });
  }
});

app.action("claim", async ({ ack, body, client }) => {
  await ack();
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, ...card(body.user.id) });
  const { messages } = await client.conversations.history({ channel: body.channel.id, include_all_metadata: true, limit: 1 });
  const number = messages[0].metadata?.event_payload.number;
  await client.chat.postMessage({ channel: body.channel.id, thread_ts: body.message.ts, text: `metadata kept: ${number}` });
});

const editor = (title, text) => ({
  type: "modal", callback_id: "edit", title: plain(title), submit: plain("Save"), close: plain("Cancel"), notify_on_close: true,
  blocks: [
    { type: "input", block_id: "reply", label: plain("Reply"), element: { type: "plain_text_input", action_id: "text", ...(text && { initial_value: text }) } },
    { type: "actions", block_id: "more", elements: [button("Preview", "preview")] },
  ],
});

app.action("edit", async ({ ack, body, client }) => {
  await ack();
  const { view } = await client.views.open({ trigger_id: body.trigger_id, view: { ...editor("Loading") } });
  await client.views.update({ view_id: view.id, hash: view.hash, view: { ...editor("Edit the reply"), private_metadata: body.message.ts } });
});

app.action("preview", async ({ ack, body, client }) => {
  await ack();
  await client.views.push({ trigger_id: body.trigger_id, view: { type: "modal", title: plain("Preview"), blocks: [section("How it will look")] } });
});

app.view("edit", async ({ ack, view, body, client }) => {
  const text = view.state.values.reply.text.value;
  if (text === "no") return ack({ response_action: "errors", errors: { reply: "Too curt." } });
  if (text === "more") return ack({ response_action: "update", view: { ...editor("Once more"), private_metadata: view.private_metadata } });
  await ack();
  const { channels } = await client.users.conversations({ user: body.user.id });
  await client.chat.postMessage({ channel: channels[0].id, thread_ts: view.private_metadata, text: `Sent: ${text}` });
});

app.view({ callback_id: "edit", type: "view_closed" }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: "You closed the editor" });
});

app.action("whisper", async ({ ack, body, client }) => {
  await ack();
  await client.chat.postEphemeral({ channel: body.channel.id, user: body.user.id, text: "Only you see this" });
});

app.action("dismiss", async ({ ack, respond }) => {
  await ack();
  await respond({ delete_original: true });
});

app.event("app_home_opened", async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: "home", blocks: [section("*My tickets*")] } });
});

app.event("app_mention", async ({ event, say }) => {
  await say({ text: `You asked, <@${event.user}>`, thread_ts: event.thread_ts ?? event.ts });
});

app.message("photo", async ({ message, client }) => {
  const { files } = await client.files.uploadV2({ channel_id: message.channel, thread_ts: message.ts, initial_comment: "The photo", filename: "photo.txt", title: "Photo", file: Buffer.from("a thousand words") });
  if (!files[0].files[0].id) throw new Error("the upload came back without an id");
});

app.event("file_shared", async ({ event, client }) => {
  const { file } = await client.files.info({ file: event.file_id });
  const answer = await fetch(file.url_private, { headers: { authorization: `Bearer ${connection.token}` } });
  await client.chat.postMessage({ channel: event.channel_id, text: `Downloaded: ${await answer.text()}` });
});

app.shortcut({ callback_id: "hand_off", type: "message_action" }, async ({ shortcut, ack, respond, say }) => {
  await ack();
  await say({ text: `Handed off: ${shortcut.message.text}`, thread_ts: shortcut.message_ts });
  await respond({ text: "Thank you", response_type: "ephemeral" });
});

app.shortcut({ callback_id: "search", type: "shortcut" }, async ({ shortcut, ack, client }) => {
  await ack();
  const menu = { type: "external_select", action_id: "topic", min_query_length: 1 };
  await client.views.open({ trigger_id: shortcut.trigger_id, view: {
    type: "modal", callback_id: "search", title: plain("Search tickets"), submit: plain("Search"),
    blocks: [{ type: "input", block_id: "topic", label: plain("Topic"), element: menu }],
  } });
});

app.options("topic", async ({ payload, ack }) => {
  const known = ["Refund", "Return", "Delivery"].filter((name) => name.toLowerCase().startsWith(payload.value));
  await ack({ options: known.map((name) => ({ text: plain(name), value: name.toLowerCase() })) });
});

app.view("search", async ({ ack, view, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `Searched: ${view.state.values.topic.topic.selected_option.value}` });
});

app.event("reaction_added", async ({ event, client }) => {
  await client.chat.postMessage({ channel: event.item.channel, thread_ts: event.item.ts, text: `${event.reaction} from <@${event.user}>` });
});

await runUntilTold(app, () => app.start());
