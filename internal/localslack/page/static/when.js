// when.js writes times as Slack does: in the reader's own zone and language.

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const clock = format({ hour: "numeric", minute: "2-digit" });
const seconds = format({ hour: "numeric", minute: "2-digit", second: "2-digit" });
const numeric = format({ year: "numeric", month: "2-digit", day: "2-digit" });
const short = format({ month: "short", day: "numeric", year: "numeric" });
const medium = format({ month: "long", day: "numeric", year: "numeric" });
const long = format({ weekday: "long", month: "long", day: "numeric", year: "numeric" });
const heading = format({ weekday: "long", month: "long", day: "numeric" });

export const toDate = (ts) => new Date(Number.parseFloat(ts) * 1000);
export const time = (date) => clock.format(date);
export const full = (date) => `${long.format(date)} at ${seconds.format(date)}`;

const dayOf = (date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);
export const sameDay = (a, b) => dayOf(a) === dayOf(b);

/** "Today", "Yesterday", "Tomorrow", or what `otherwise` makes of the date. */
function near(date, otherwise) {
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[dayOf(date) - dayOf(new Date())] ?? otherwise.format(date);
}

/** The words between two days of messages. */
export const dayHeading = (date) => near(date, heading);

/** "today", "yesterday", or "on Nov 3, 2026": a day in the middle of a sentence. */
export function nearDay(date) {
  const day = near(date, short);
  return day === short.format(date) ? `on ${day}` : day.toLowerCase();
}

/** Slack's date tokens, https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function slackDate(unixSeconds, pattern, fallback) {
  const date = new Date(Number(unixSeconds) * 1000);
  if (Number.isNaN(date.getTime())) return fallback ?? pattern;
  const pretty = (format) => near(date, format);
  const tokens = {
    date_num: () => numeric.format(date),
    date: () => medium.format(date), date_pretty: () => pretty(medium),
    date_short: () => short.format(date), date_short_pretty: () => pretty(short),
    date_long: () => long.format(date), date_long_pretty: () => pretty(long),
    day_divider_pretty: () => pretty(heading),
    time: () => time(date), time_secs: () => seconds.format(date), ago: () => ago(date),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => tokens[name]?.() ?? whole);
}

function ago(date) {
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const elapsed = (date.getTime() - Date.now()) / 1000;
  for (const [unit, length] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(elapsed) >= length) return relative.format(Math.trunc(elapsed / length), unit);
  }
  return relative.format(Math.trunc(elapsed), "second");
}
