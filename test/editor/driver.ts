/** Where a selector is looked for: in the editor's own page, or in the view of an extension (`publisher.name`). */
export type DriverPlace = { readonly webview?: string; readonly selector: string; readonly timeoutMs?: number };

/**
 * The editor's page as a person's eyes and hands see it, for a suite that runs inside the extension host. Reloading the
 * window is not here, since it would end the suite: tests of that start the editor from outside (`*.user.test.mjs`).
 */
export type EditorDriver = {
  /** Prints a line where the program that started the editor prints. */
  readonly print: (line: string) => Promise<void>;
  readonly click: (place: DriverPlace) => Promise<void>;
  /** Replaces what a field holds. */
  readonly enter: (place: DriverPlace, text: string) => Promise<void>;
  /** The text that is visible in the first match. */
  readonly text: (place: DriverPlace) => Promise<string>;
  readonly attribute: (place: DriverPlace, name: string) => Promise<string | null>;
  readonly count: (place: DriverPlace) => Promise<number>;
  readonly waitFor: (place: DriverPlace, state?: "visible" | "hidden" | "attached" | "detached") => Promise<void>;
  /** Types into whatever has the focus. */
  readonly type: (text: string) => Promise<void>;
  /** Presses a key or a chord as Playwright names it: `Enter`, `Control+C`. */
  readonly press: (key: string) => Promise<void>;
  /** Evaluates an expression in the page, or in an extension's view, and brings back its value as JSON. */
  readonly evaluate: (expression: string, webview?: string) => Promise<unknown>;
  readonly setViewport: (widthPx: number, heightPx: number) => Promise<void>;
  readonly setSidebarWidth: (widthPx: number) => Promise<void>;
  readonly screenshot: (path: string) => Promise<void>;
};

/**
 * Connects to the page of the editor that runs this suite.
 *
 * @returns undefined where the editor has no driver, as desktop VS Code.
 */
export function connectDriver(): EditorDriver | undefined {
  const address = process.env["BYZER_EDITOR_DRIVER"];
  if (address === undefined) {
    return undefined;
  }
  const url = new URL(address);
  const token = url.hash.slice(1);
  url.hash = "";
  return driverFor((order) => send({ url, token, order }));
}

type Order = { readonly action: string; readonly [field: string]: unknown };

function driverFor(perform: (order: Order) => Promise<unknown>): EditorDriver {
  const act = async (order: Order) => void (await perform(order));
  return {
    print: (text) => act({ action: "print", text }),
    click: (place) => act({ action: "click", ...place }),
    enter: (place, text) => act({ action: "fill", ...place, text }),
    text: async (place) => String(await perform({ action: "text", ...place })),
    attribute: async (place, attribute) => {
      const value = await perform({ action: "attribute", ...place, attribute });
      return typeof value === "string" ? value : null;
    },
    count: async (place) => Number(await perform({ action: "count", ...place })),
    waitFor: (place, state) => act({ action: "waitFor", ...place, state }),
    type: (text) => act({ action: "type", text }),
    press: (text) => act({ action: "press", text }),
    evaluate: (text, webview) => perform({ action: "evaluate", text, webview }),
    setViewport: (widthPx, heightPx) => act({ action: "setViewport", widthPx, heightPx }),
    setSidebarWidth: (widthPx) => act({ action: "setSidebarWidth", widthPx }),
    screenshot: (path) => act({ action: "screenshot", path }),
  };
}

async function send({ url, token, order }: { readonly url: URL; readonly token: string; readonly order: Order }) {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  const answer: unknown = await response.json();
  if (!isRecord(answer) || !response.ok) {
    throw new Error(
      `The page did not ${order.action}: ${isRecord(answer) ? String(answer["error"]) : response.status}`,
    );
  }
  return answer["value"];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
