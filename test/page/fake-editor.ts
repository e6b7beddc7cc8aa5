import type { Theme } from "./themes.ts";

/** What tests see of the page's editor. */
export interface FakeEditor {
  readonly requests: { name: string; params: unknown }[];
  readonly problems: Record<string, unknown>;
  readonly violations: string[];
  state: unknown;
}

declare global {
  interface Window {
    fakeEditor: FakeEditor;
    acquireVsCodeApi: () => unknown;
  }
}

interface FakeEditorOptions {
  readonly theme: Theme;
  readonly kept: unknown;
  readonly answers: Readonly<Record<string, unknown>>;
}

/**
 * Runs in the browser before the page's script, outside its policy: gives the page an editor to talk to, dresses it in
 * a theme as the editor does, and notes what breaks the policy. Self-contained, since its text is sent to the browser.
 */
export function installFakeEditor(options: FakeEditorOptions): void {
  const editor: FakeEditor = { requests: [], problems: {}, violations: [], state: options.kept };
  window.fakeEditor = editor;
  document.addEventListener("securitypolicyviolation", (event) => {
    editor.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
  window.acquireVsCodeApi = () => ({
    getState: () => editor.state,
    setState(state: unknown) {
      editor.state = state;
    },
    postMessage(frame: { id: number; name: string; params: unknown } | { kind: string; name?: undefined }) {
      if (frame.name === undefined) {
        editor.requests.push({ name: frame.kind, params: frame });
        return;
      }
      editor.requests.push({ name: frame.name, params: frame.params });
      const problem = editor.problems[frame.name];
      const result = options.answers[frame.name] ?? {};
      const answer = { kind: "answer", id: frame.id, ...(problem === undefined ? { result } : { problem }) };
      setTimeout(() => window.postMessage(answer, "*"), 0);
    },
  });
  const dress = (): void => {
    for (const [name, value] of Object.entries(options.theme.variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }

    document.body.className = options.theme.bodyClass;
    document.body.dataset["vscodeThemeKind"] = options.theme.kind;
    // What the editor itself puts on every page.
    const defaults = new CSSStyleSheet();
    defaults.replaceSync("@layer vscode-default { body { padding: 0 20px; background-color: transparent; } }");
    document.adoptedStyleSheets = [defaults, ...document.adoptedStyleSheets];
  };
  document.addEventListener("DOMContentLoaded", dress, { once: true });
}
