// plain.mjs is an app on Slack's Socket Mode and Web API clients alone, without a framework between them.
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";
import { connection, runUntilTold } from "./run.mjs";

const { token, appToken, clientOptions, logLevel } = connection;
const web = new WebClient(token, { ...clientOptions, logLevel });
const socket = new SocketModeClient({ appToken, clientOptions, logLevel });

/** What each word after the command does; the answer goes back in the acknowledgement. */
const words = {
  async whoami() {
    const me = await web.auth.test();
    return `${me.user} of ${me.team}, with ${me.response_metadata.scopes.length} scopes`;
  },

  async people() {
    const names = [];
    for await (const page of web.paginate("users.list", { limit: 1 })) names.push(...page.members.map((user) => user.name));
    return names.sort().join(" ");
  },

  async patience({ channel_id }) { // a 429 is waited out by the client itself
    const { message } = await web.chat.postMessage({ channel: channel_id, text: "Posted in the end" });
    return message.text;
  },

  async scopes() { // refused: the app lacks the scope
    return refusal(web.team.info(), ({ data }) => `needs ${data.needed}`);
  },

  async blocks({ channel_id }) { // refused, with the place of the fault
    const blocks = [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } }];
    return refusal(web.chat.postMessage({ channel: channel_id, text: "x", blocks }), ({ data }) => data.response_metadata.messages[0]);
  },

  async nonsense() {
    return refusal(web.apiCall("chat.shout"), ({ data }) => data.error);
  },
};

async function refusal(call, words) {
  try {
    await call;
  } catch (error) {
    if (!error.data) throw error;
    return words(error);
  }
  return "not refused";
}

socket.on("slash_commands", async ({ ack, body, accepts_response_payload }) => {
  if (!accepts_response_payload) throw new Error("a command must accept a payload in its acknowledgement");
  await ack({ text: await words[body.text](body) });
});

const seen = new Map(); // event ids, as many times as they came
socket.on("message", async ({ ack, body, event, retry_num, retry_reason }) => {
  const times = (seen.get(body.event_id) ?? 0) + 1;
  seen.set(body.event_id, times);
  if (event.text === "stay silent" && times < 2) return; // unacknowledged at first
  await ack();
  if (event.bot_id || event.subtype) return;
  await web.chat.postMessage({ channel: event.channel, text: `Heard ${event.text}: ${times} times, retry ${retry_num} for ${retry_reason || "nothing"}` });
});

await runUntilTold(socket, () => socket.start());
