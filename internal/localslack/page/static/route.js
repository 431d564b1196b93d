// route.js reads addresses: ?as=ana&channel=support or ?as=ana&home=warmline, and #channel/ts for one message.

export const query = () => Object.fromEntries(new URLSearchParams(location.search));

/** {channel, ts?} of "#support/1700000000.000100", "#C1" or "#C1/p1700000000000100"; null for anything else. */
export function parse(hash) {
  const found = /^#\/?([^/]+)(?:\/p?(\d{10})\.?(\d{6}))?$/.exec(hash);
  if (!found) return null;
  return { channel: decodeURIComponent(found[1]), ts: found[2] && `${found[2]}.${found[3]}` };
}

/** The hash for a permalink as chat.getPermalink gives it (…/archives/C1/p1700000000000100), or undefined. */
export function archiveHash(href) {
  const found = /\/archives\/([^/?#]+)(?:\/(p\d{16}))?/.exec(href);
  return found && `#${found[1]}${found[2] ? "/" + found[2] : ""}`;
}
