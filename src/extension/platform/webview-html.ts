/** What the shell of a page is made from. The URIs are already those of the webview. */
export interface WebviewShell {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** A fresh random word per page, letters and digits only. */
  readonly nonce: string;
  /** BCP 47, such as `zh-cn`; the page speaks it before its settings arrive. */
  readonly locale: string;
}

interface WebviewPage extends WebviewShell {
  readonly title: string;
  /** What the page may do beyond running its own script, as directives of a content security policy. */
  readonly allowed: readonly string[];
  /** HTML before the script. */
  readonly body: string;
}

/** The HTML of a page of the extension: its own script and style, and nothing else that is not allowed by name. */
export function webviewHtml({ scriptUri, styleUri, nonce, locale, title, allowed, body }: WebviewPage): string {
  const policy = ["default-src 'none'", ...allowed, "base-uri 'none'", "form-action 'none'"].join("; ");
  return `<!doctype html>
<html lang="${attribute(locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(styleUri)}">
<title>${title}</title>
</head>
<body>
${body}<script nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
</body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
