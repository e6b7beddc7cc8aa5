// oxlint-disable-next-line import/no-unassigned-import -- tells the bundler which style sheet belongs to the page
import "./styles/main.css";
import { render } from "preact";
import { App } from "./components/app.tsx";
import { registerControls } from "./components/controls.tsx";
import { type EditorApi, createHost } from "./host/host.ts";
import { createKeptState } from "./store/kept-state.ts";
import { type PageState, createPushReceiver, initialPageState } from "./store/page-state.ts";
import { createStore } from "./store/store.ts";

declare function acquireVsCodeApi(): EditorApi;

const api = acquireVsCodeApi();
const host = createHost(api);
const kept = createKeptState(api);
const store = createStore<PageState>({ ...initialPageState, draft: kept.get().draft });
const receive = createPushReceiver(store, (run) => requestAnimationFrame(run));

registerControls();
host.onPush((push) => {
  if (push.kind === "session") {
    const start = push.events.find((event) => event.type === "session-start");
    kept.showSession(start?.sessionId ?? "");
  }

  receive(push);
});
store.subscribe(() => {
  const { draft } = store.get();
  if (draft !== kept.get().draft) {
    kept.set({ draft });
  }
});

const root = document.querySelector("#app");
if (root !== null) {
  const firstLocale = document.documentElement.lang || "en";
  render(<App host={host} store={store} kept={kept} firstLocale={firstLocale} />, root);
  void host.request("page-ready", {});
}
