import { type WebviewShell, webviewHtml } from "../platform/webview-html.ts";

/**
 * The HTML that holds a PDF document. Its policy allows the page's own script and style, the thread that reads the
 * document and the decoders of pictures in it; no connection at all, and nothing that the document brings runs.
 */
export function pdfHtml(shell: WebviewShell): string {
  const allowed = [
    "img-src blob: data:",
    `style-src ${shell.cspSource}`,
    "font-src data:",
    `script-src 'nonce-${shell.nonce}' 'wasm-unsafe-eval'`,
    "worker-src blob:",
  ];
  return webviewHtml({ ...shell, title: "PDF", allowed, body: "" });
}
