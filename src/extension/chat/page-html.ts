import { type WebviewShell, webviewHtml } from "../platform/webview-html.ts";

/**
 * The hash of an empty `<style>`. The controls probe with one whether the browser knows `:focus-visible`; refused, they
 * would draw a focus ring at every click. Nothing but an empty element passes.
 */
const emptyStyleHash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * The HTML that holds the chat page. Its policy allows the page's own script, styles, font and pictures and nothing
 * else: no inline code or style, no evaluation, no connection.
 */
export function pageHtml(shell: WebviewShell): string {
  const { cspSource, nonce } = shell;
  const allowed = [
    `img-src ${cspSource} data:`,
    `style-src ${cspSource} ${emptyStyleHash}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ];
  return webviewHtml({ ...shell, title: "Byzer Agent", allowed, body: `<div id="app"></div>\n` });
}
