import { type Disposable, TabInputCustom, TabInputNotebook, TabInputText, Uri, l10n, window } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import { diskPath, pickTables } from "../platform/workspace-files.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** "Analyze this CSV": from the Explorer, an editor's title, or the palette. */
export const analyze: Contribution = {
  name: "analyze",
  activate: (services): Disposable =>
    registerCommands(services, {
      "byzer.analyzeFile": async (clicked, selected) => {
        const paths = pathsOf(urisOf(clicked, selected)) ?? activePaths() ?? (await pickTables());
        if (paths.length > 0) {
          void services.problems.guard(() => services.workshop.warmUp());
          void services.problems.guard(() => services.chat.reveal());
          await services.actions.analyze(paths);
        }
      },
    }),
};

/** A context menu passes the entry that was clicked, and all that are selected. */
function urisOf(clicked: unknown, selected: unknown): readonly Uri[] {
  const many = Array.isArray(selected) ? selected.filter((item) => item instanceof Uri) : [];
  if (many.length > 0) {
    return many;
  }
  return clicked instanceof Uri ? [clicked] : [];
}

/** @throws AgentError `table.not-readable` where a file is not on a disk. */
function pathsOf(uris: readonly Uri[]): readonly string[] | undefined {
  if (uris.length === 0) {
    return undefined;
  }
  return uris.map((uri) => {
    const path = diskPath(uri);
    if (path === undefined) {
      const reason = l10n.t(
        "{0} is not on a disk that Python can reach. Save a copy in a folder first.",
        uri.toString(),
      );
      throw new AgentError("table.not-readable", { path: uri.toString(), reason }, reason);
    }
    return path;
  });
}

/** The file in front of the person, whatever kind of editor shows it. */
function activePaths(): readonly string[] | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof TabInputText || input instanceof TabInputCustom || input instanceof TabInputNotebook;
  const path = isFile ? diskPath(input.uri) : undefined;
  return path === undefined ? undefined : [path];
}
