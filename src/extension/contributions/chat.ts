import { type Disposable, commands } from "vscode";
import { createHandlers } from "../chat/handlers.ts";
import { PageFeed } from "../chat/page-feed.ts";
import { loadAgents } from "../platform/agents.ts";
import { Disposables } from "../platform/disposables.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** The chat panel, and the marks that it sets on the editor. */
export const chat: Contribution = {
  name: "chat",
  activate: (services): Disposable => {
    const owned = new Disposables();
    const feed = owned.add(new PageFeed(services));
    const handlers = createHandlers(services, feed);
    services.chat.handleWith(handlers);
    owned.add(services.chat.register());
    owned.add(services.desk.onEvent(() => markRunning(services.desk.shown?.isRunning === true)));
    owned.add(services.desk.onShow((session) => markRunning(session?.isRunning === true)));
    owned.add(services.chat.onVisibility((visible) => visible && void services.problems.guard(loadAgents)));
    const waiting = { code: 0, packages: 0, tools: 0 };
    const count = (change: Partial<typeof waiting>): void => {
      Object.assign(waiting, change);
      services.chat.setWaiting(waiting.code + waiting.packages + waiting.tools);
    };
    owned.add(services.approvals.onWaiting((code) => count({ code })));
    owned.add(services.approvals.onToolWaiting((tools) => count({ tools })));
    owned.add(services.packages.onWaiting((packages) => count({ packages })));
    owned.add(services.desk.onEvent(({ session, event }) => services.transcript.print(session, event)));
    owned.add(
      registerCommands(services, {
        "byzer.openChat": () => services.chat.reveal(),
        "byzer.stop": () => services.actions.stop(),
      }),
    );
    return owned;
  },
};

let marked = false;

/** The command "Stop" is enabled by this. */
function markRunning(running: boolean): void {
  if (running !== marked) {
    marked = running;
    void commands.executeCommand("setContext", "byzer.running", running);
  }
}
