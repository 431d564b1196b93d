// run.mjs is what both apps share: where Slack is, and an end that tells of every mistake.

export const connection = {
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  logLevel: "error",
};

/** Runs an app until SIGTERM. A mistake anywhere ends the process with code 1. */
export async function runUntilTold(app, start) {
  const failed = (error) => { console.error(error); process.exit(1); };
  process.on("unhandledRejection", failed);
  app.error?.(async (error) => failed(error));
  await start();
  process.once("SIGTERM", () => process.exit(0));
}
