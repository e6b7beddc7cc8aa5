import * as z from "zod/mini";

/** A server as somebody configured it; variables such as `${env:NAME}` still stand in its texts. */
export interface McpDefinition {
  readonly name: string;
  readonly how: McpProgram | McpAddress;
  /** Its word that a tool only reads is believed. */
  readonly isTrusted: boolean;
  /** Before it is started or contacted the person is asked: it came with a workspace. */
  readonly needsYes: boolean;
  /** Absolute path of the folder that `${workspaceFolder}` stands for, and where a program runs that names no other. */
  readonly folder: string;
  /** What a person may be asked for, by the id in `${input:ID}`. */
  readonly inputs: readonly McpInput[];
}

/** A program that is spoken to through its standard input and output. */
export interface McpProgram {
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A file with more of the environment. */
  readonly envFile: string | null;
  readonly cwd: string | null;
}

/** A server on the network; `sse`: in the older of its two ways of speaking. */
export interface McpAddress {
  readonly kind: "http" | "sse";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A value that is not written down. */
export interface McpInput {
  readonly id: string;
  readonly description: string;
  readonly isPassword: boolean;
  /** One of these; empty where any text will do. */
  readonly options: readonly string[];
}

/** What a configuration holds. */
export interface McpConfiguration {
  readonly servers: readonly McpDefinition[];
  readonly problems: readonly McpProblem[];
}

/** What cannot be used. */
export interface McpProblem {
  /**
   * `no-object`: there is no object with servers. `no-way`: a server has neither a command nor an address. `name`: a server's
   * name has signs that nobody sees, or is too long.
   */
  readonly code: "no-object" | "no-way" | "name";
  /** As it is written in the configuration; `null` where no single one is to blame. */
  readonly server: string | null;
  /** In English. */
  readonly message: string;
}

/** Where a configuration comes from. */
export interface McpPlace {
  /** For people: a path, or the name of a setting. */
  readonly name: string;
  readonly folder: string;
  readonly needsYes: boolean;
}

const longestName = 64;
const plain = z.union([z.string(), z.number(), z.boolean()]);

const programSchema = z.looseObject({
  type: z.optional(z.literal("stdio")),
  command: z.string().check(z.minLength(1)),
  args: z.optional(z.array(plain)),
  env: z.optional(z.record(z.string(), z.nullable(plain))),
  envFile: z.optional(z.string()),
  cwd: z.optional(z.string()),
  trusted: z.optional(z.boolean()),
});

const addressSchema = z.looseObject({
  type: z.optional(z.enum(["http", "sse", "streamable-http"])),
  url: z.string().check(z.regex(/^(?:https?:\/\/|\$\{)/u)),
  headers: z.optional(z.record(z.string(), plain)),
  trusted: z.optional(z.boolean()),
});

const inputSchema = z.looseObject({
  id: z.string(),
  description: z.optional(z.string()),
  password: z.optional(z.boolean()),
  options: z.optional(z.array(z.union([z.string(), z.looseObject({ value: z.string() })]))),
});

const fileSchema = z.looseObject({
  servers: z.optional(z.record(z.string(), z.unknown())),
  mcpServers: z.optional(z.record(z.string(), z.unknown())),
  inputs: z.optional(z.array(z.unknown())),
});

/** Reads what a file such as `mcp.json` says, parsed: `servers` (or `mcpServers`) and `inputs`. */
export function readMcpFile(value: unknown, place: McpPlace): McpConfiguration {
  const file = fileSchema.safeParse(value).data;
  if (file === undefined) {
    const message = `${place.name}: an object with “servers” is needed.`;
    return { servers: [], problems: [{ code: "no-object", server: null, message }] };
  }

  const inputs = (file.inputs ?? []).flatMap((input) => inputOf(input));
  return readMcpServers(file.servers ?? file.mcpServers ?? {}, place, inputs);
}

/** Reads servers by name. A server that cannot be used is told, and the others stand. */
export function readMcpServers(
  servers: Readonly<Record<string, unknown>>,
  place: McpPlace,
  inputs: readonly McpInput[] = [],
): McpConfiguration {
  const read = Object.entries(servers).map(([name, value]) => ({ name, found: howOf(value) }));
  return {
    servers: read.flatMap(({ name, found }) =>
      found === null || !isReadable(name)
        ? []
        : [
            {
              name,
              how: found.how,
              // What comes with a workspace cannot vouch for itself.
              isTrusted: found.isTrusted && !place.needsYes,
              needsYes: place.needsYes,
              folder: place.folder,
              inputs,
            },
          ],
    ),
    problems: read.flatMap(({ name, found }) => problemOf(name, found !== null, place)),
  };
}

function problemOf(server: string, isReached: boolean, { name }: McpPlace): readonly McpProblem[] {
  const shown = linesOf([server.slice(0, longestName)]);
  if (!isReadable(server)) {
    const message = `${name}: the server “${shown}” needs a name of at most ${longestName} signs, all of which can be seen.`;
    return [{ code: "name", server, message }];
  }

  const message = `${name}: the server “${shown}” needs a “command”, or a “url” with http:// or https://.`;
  return isReached ? [] : [{ code: "no-way", server, message }];
}

/** A person reads it before they say yes. */
function isReadable(name: string): boolean {
  return name.length <= longestName && name.trim() !== "" && !/\p{C}|[\u2028\u2029]/u.test(name);
}

function howOf(value: unknown): { readonly how: McpDefinition["how"]; readonly isTrusted: boolean } | null {
  const program = programSchema.safeParse(value).data;
  if (program !== undefined) {
    const { command, args = [], env = {}, envFile = null, cwd = null, trusted = false } = program;
    const how = { kind: "stdio", command, args: args.map(String), env: texts(env), envFile, cwd } as const;
    return { how, isTrusted: trusted };
  }

  const address = addressSchema.safeParse(value).data;
  if (address === undefined) {
    return null;
  }

  const { type, url, headers = {}, trusted = false } = address;
  return { how: { kind: type === "sse" ? "sse" : "http", url, headers: texts(headers) }, isTrusted: trusted };
}

function texts(values: Readonly<Record<string, string | number | boolean | null>>): Readonly<Record<string, string>> {
  const said = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]));
}

function inputOf(value: unknown): readonly McpInput[] {
  const input = inputSchema.safeParse(value).data;
  if (input === undefined) {
    return [];
  }

  const { id, description = id, password = false, options = [] } = input;
  const words = options.map((option) => (typeof option === "string" ? option : option.value));
  return [{ id, description, isPassword: password, options: words }];
}

/** What a person reads before they let a server start or be contacted: its command line or its address, and what it is given. */
export function mcpText({ how }: McpDefinition): string {
  if (how.kind !== "stdio") {
    return linesOf([how.url, ...Object.entries(how.headers).map(([name, value]) => `${name}: ${value}`)]);
  }

  const line = [how.command, ...how.args].map((word) => (/^[^\s"'\\]+$/u.test(word) ? word : JSON.stringify(word)));
  return linesOf([
    line.join(" "),
    ...(how.cwd === null ? [] : [`cwd: ${how.cwd}`]),
    ...(how.envFile === null ? [] : [`envFile: ${how.envFile}`]),
    ...Object.entries(how.env).map(([name, value]) => `${name}=${value}`),
  ]);
}

/** One line each, with the signs that would hide, turn or break what is read. */
function linesOf(parts: readonly string[]): string {
  return parts
    .map((text) =>
      text.replaceAll(/\p{C}|[\u2028\u2029]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`),
    )
    .join("\n");
}
