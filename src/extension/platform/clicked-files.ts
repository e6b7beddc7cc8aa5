import { TabInputCustom, TabInputNotebook, TabInputText, TabInputTextDiff, Uri, window } from "vscode";

/** A context menu passes the entry that was clicked, and all that are selected. */
export function clickedUris(clicked: unknown, selected: unknown): readonly Uri[] {
  const many = Array.isArray(selected) ? selected.filter((item) => item instanceof Uri) : [];
  if (many.length > 0) {
    return many;
  }
  return clicked instanceof Uri ? [clicked] : [];
}

/** The file in front of the person, whatever kind of editor shows it. */
export function activeUri(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof TabInputText || input instanceof TabInputCustom || input instanceof TabInputNotebook) {
    return input.uri;
  }
  return input instanceof TabInputTextDiff ? input.modified : undefined;
}
