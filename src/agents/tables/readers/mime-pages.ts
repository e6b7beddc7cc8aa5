/** A page in a file of several parts. */
export interface MimePage {
  readonly text: string;
  readonly encoding: string;
  /** Among the parts that are pages, as Python's `walk` meets them. */
  readonly index: number;
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

function parsePart(text: string): Part {
  const end = /\r?\n\r?\n/u.exec(text);
  const head = (end === null ? text : text.slice(0, end.index)).replaceAll(/\r?\n[ \t]+/gu, " ");
  const headers = new Map<string, string>();
  for (const line of head.split(/\r?\n/u)) {
    const colon = line.indexOf(":");
    if (colon > 0) {
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }
  return { headers, body: end === null ? "" : text.slice(end.index + end[0].length) };
}

function parameter(header: string | undefined, name: string): string | null {
  const found = new RegExp(`;\\s*${name}="?([^";]+)"?`, "iu").exec(header ?? "");
  return found?.[1]?.trim() ?? null;
}

function unquoted(text: string): Buffer {
  const joined = text.replaceAll(/[ \t]*=\r?\n/gu, "");
  const bytes = joined.replaceAll(/=([0-9a-f]{2})/giu, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return Buffer.from(bytes, "latin1");
}

function bodyBytes({ headers, body }: Part): Buffer {
  const coding = headers.get("content-transfer-encoding")?.toLowerCase();
  return coding === "base64"
    ? Buffer.from(body, "base64")
    : coding === "quoted-printable"
      ? unquoted(body)
      : Buffer.from(body, "latin1");
}

/** The parts inside a part, in order; a part without any is itself. */
function leaves(part: Part): Part[] {
  const boundary = parameter(part.headers.get("content-type"), "boundary");
  if (boundary === null) {
    return [part];
  }
  const pieces = part.body.split(`--${boundary}`).slice(1);
  const inner = pieces.filter((piece) => !piece.startsWith("--"));
  return inner.flatMap((piece) => leaves(parsePart(piece.replace(/^[ \t]*\r?\n/u, "").replace(/\r?\n$/u, ""))));
}

/** The encoding that the part, or the page in it, names. */
function charsetOf(part: Part, bytes: Buffer): string {
  const said = parameter(part.headers.get("content-type"), "charset");
  const meta = /charset\s*=\s*["']?([\w-]+)/iu.exec(bytes.toString("latin1", 0, 4096))?.[1];
  return (said ?? meta ?? "utf-8").toLowerCase();
}

async function decoded(part: Part): Promise<{ text: string; encoding: string }> {
  const bytes = bodyBytes(part);
  const encoding = charsetOf(part, bytes);
  const { canDecode, legacyDecoder } = await import("../../encoding/legacy-encoding.ts");
  if (encoding === "utf-8" || !canDecode(encoding)) {
    return { text: bytes.toString("utf8"), encoding: "utf-8" };
  }
  const decoder = legacyDecoder(encoding);
  return { text: decoder.decode(bytes) + decoder.end(), encoding };
}

/** The pages in a file of type multipart/related (RFC 2557), as browsers and Excel save them. */
export async function readMimePages(bytes: Buffer): Promise<MimePage[]> {
  const parts = leaves(parsePart(bytes.toString("latin1")));
  const pages = parts.filter(({ headers }) => /^text\/html/iu.test(headers.get("content-type") ?? ""));
  return await Promise.all(pages.map(async (part, index) => ({ ...(await decoded(part)), index })));
}
