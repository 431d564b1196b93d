// api.js speaks the workspace's control API. Every call answers an object with `ok`; a refused or lost request is an
// answer too ({ok: false, error}), so that callers show it rather than catch it.

async function request(path, options) {
  try {
    const response = await fetch("/_control/" + path, options);
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return { ok: true, ...answer };
    return { error: `the workspace answered ${response.status}`, ...answer, ok: false };
  } catch {
    return { ok: false, error: "the workspace cannot be reached" };
  }
}

const get = (path, query) => request(path + (query ? "?" + new URLSearchParams(query) : ""));

const post = (path, body) =>
  request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const api = {
  state: () => get("state"),
  messages: (channel, as) => get("messages", { channel, as }),
  views: (user) => get("views", { user }),
  traffic: (after) => get("traffic", { after }),
  click: (body) => post("click", body),
  command: (body) => post("command", body),
  submit: (body) => post("submit", body),
  close: (body) => post("close", body),
  message: (body) => post("message", body),
  edit: (body) => post("edit", body),
  remove: (body) => post("delete", body),
  react: (body) => post("react", body),
  upload: (body) => post("upload", body),
  shortcut: (body) => post("shortcut", body),
  suggest: (body) => post("suggest", body),
  person: (body) => post("person", body),
  home: (body) => post("home", body),

  /**
   * Calls onChange for each change, onUp after every (re)connection, onDown when the stream is lost. A browser opens six
   * connections to one place, tabs and pages one may go back to together: only a page in view holds one for its stream.
   */
  stream({ onChange, onUp, onDown }) {
    let source = null;
    const close = () => { source?.close(); source = null; };
    const look = () => {
      if (document.visibilityState !== "visible") { close(); return; }
      if (source) return;
      source = new EventSource("/_control/stream");
      source.addEventListener("change", (event) => onChange(JSON.parse(event.data)));
      source.addEventListener("open", onUp);
      source.addEventListener("error", onDown);
    };
    document.addEventListener("visibilitychange", look);
    addEventListener("pagehide", close);
    addEventListener("pageshow", look);
    look();
  },
};

/** Whether the app took the interaction; Slack shows a warning at the pressed control when it did not. */
export const accepted = (answer) => answer.ok && answer.acked !== false;
