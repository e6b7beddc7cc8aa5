import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type Server, type ServerResponse, createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { LaunchOptions } from "playwright-core";
import { pageHtml } from "../../src/extension/chat/page-html.ts";
import { agentsHtml } from "../../src/extension/agents-view/agents-html.ts";
import { pictureSvg } from "./picture.ts";

const root = resolve(import.meta.dirname, "../..");
const nonce = "testNonce0123456789";

/** How Chromium is started (`BYZER_CHROMIUM`, else /usr/bin/chromium). */
export function browserOptions(): LaunchOptions {
  return {
    executablePath: process.env["BYZER_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}

/** The pages of the product at an address. */
export interface PageServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Builds the pages as the product is built, and serves them. */
export async function servePages(): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), "byzer-page-"));
  await buildPage(folder);
  const server = await serve(folder);
  return {
    origin: `http://127.0.0.1:${portOf(server)}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Bundle {
  readonly entry: string;
  readonly out: string;
  readonly options: BuildOptions;
}

async function buildPage(folder: string): Promise<void> {
  const address = new URL("../../scripts/bundles.mjs", import.meta.url).href;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a plain script of this repository
  const { bundles } = (await import(address)) as { readonly bundles: readonly Bundle[] };
  const pages = bundles.filter(({ out }) => ["webview/main.js", "webview/agents.js"].includes(out));
  if (pages.length < 2) {
    throw new Error("The pages are not among the product's bundles.");
  }

  await Promise.all(
    pages.map(({ entry, out, options }) =>
      build({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: join(folder, basename(out)),
        bundle: true,
        minify: true,
        logLevel: "error",
        ...options,
      }),
    ),
  );
}

const mimeTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".ttf": "font/ttf",
  ".svg": "image/svg+xml",
};

const shells = new Map([
  ["/", { name: "main", html: pageHtml }],
  ["/agents", { name: "agents", html: agentsHtml }],
]);

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const address = new URL(request.url ?? "/", "http://127.0.0.1");
    const origin = `http://${request.headers.host ?? ""}`;
    const shell = shells.get(address.pathname);
    if (shell !== undefined) {
      const html = shell.html({
        scriptUri: `${origin}/${shell.name}.js`,
        styleUri: `${origin}/${shell.name}.css`,
        cspSource: origin,
        nonce,
        locale: address.searchParams.get("locale") ?? "en",
      });
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
    } else if (address.pathname === "/favicon.ico") {
      response.writeHead(204).end();
    } else if (address.pathname.startsWith("/pictures/") && !address.pathname.includes("gone")) {
      response.writeHead(200, { "content-type": "image/svg+xml" }).end(pictureSvg());
    } else {
      void sendFile(join(folder, address.pathname.slice(1)), response);
    }
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("The server of the page has no port.");
  }

  return address.port;
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  try {
    const content = await readFile(path);
    response.writeHead(200, { "content-type": mimeTypes[extname(path)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}
