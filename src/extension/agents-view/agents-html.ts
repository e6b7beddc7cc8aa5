import { type WebviewShell, webviewHtml } from "../platform/webview-html.ts";

/** The HTML that holds the agents of a session. Its policy allows the page's own script and style and nothing else. */
export function agentsHtml(shell: WebviewShell): string {
  const allowed = [`style-src ${shell.cspSource}`, `script-src 'nonce-${shell.nonce}'`];
  return webviewHtml({ ...shell, title: "Byzer Agent", allowed, body: `<div id="app"></div>\n` });
}
