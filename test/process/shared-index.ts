import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createPostgresPassageIndex } from "../../src/agents/retrieval/postgres/postgres-passage-index.ts";
import type { ThreadedPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import type { PostgresServer } from "./postgres-server.ts";

/** Files by their paths. */
export interface TestFiles {
  readonly [path: string]: string | Buffer;
}

/** A person's machine: a copy of the files at a place of its own, and a memory of its own. */
export interface TestMachine {
  readonly root: string;
  readonly folder: string;
  readonly index: ThreadedPassageIndex;
  write(files: TestFiles): void;
  close(): Promise<void>;
}

export interface TestMachineOptions {
  readonly url: string;
  readonly password: string;
  /** The name of the copy's folder; `files` where left out. */
  readonly name?: string;
}

/** Begins a machine without files. */
export function startMachine({ url, password, name = "files" }: TestMachineOptions): TestMachine {
  const home = mkdtempSync(join(tmpdir(), "byzer-shared-"));
  const [root, folder] = [join(home, name), join(home, "memory")];
  mkdirSync(root);
  const index = createPostgresPassageIndex({ url, password, folder });
  return {
    root,
    folder,
    index,
    write: (files) => {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
    },
    close: async () => {
      await index.dispose();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Ends the connections of all indexes, as a server does that is started anew. @returns how many there were */
export async function endConnections(server: PostgresServer, database: string): Promise<number> {
  const ended = await server.sql(
    database,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'byzer' AND pid <> pg_backend_pid()",
  );
  return ended.length;
}

const topics = [
  ["tides", "The moon pulls the water of the sea, so that it rises and falls twice a day at most coasts."],
  ["bread", "Flour, water, salt and yeast become dough, which rests before it is baked in a hot oven."],
  ["bridges", "A suspension bridge hangs its deck from cables that run over towers to anchors in the ground."],
  ["bees", "Worker bees collect nectar and pollen, and dance to tell the others where the flowers are."],
  ["glass", "Sand is melted at great heat and cooled so quickly that no crystals form."],
] as const;

const chinese = [
  ["tuikuan", "退款政策：客户在收到商品后十四天内可以申请退款，运费由卖家承担。"],
  ["chaye", "茶叶经过采摘、萎凋、揉捻和发酵，最后烘干，才成为红茶。"],
  ["tielu", "青藏铁路穿过海拔五千米的冻土地带，是世界上海拔最高的铁路。"],
  ["yuyan", "天气预报说明天北京市有大雨，傍晚气温下降到十度以下。"],
] as const;

const code = `export interface RetryPolicy {
  readonly mostAttempts: number;
  readonly firstDelayMs: number;
}

/** Doubles the delay with each attempt. */
export function nextDelay({ firstDelayMs }: RetryPolicy, attempt: number): number {
  return firstDelayMs * 2 ** attempt;
}

export class ConnectionPool {
  openConnection(host: string): Promise<void> {
    return this.dial(host);
  }
}
`;

/** Texts in English and Chinese, and code, some of them long enough for several passages. */
export function sampleFiles(): TestFiles {
  const files: { [path: string]: string } = { "src/retry.ts": code };
  topics.forEach(([name, text], at) => {
    const around = topics.map(([, other]) => other).toSpliced(at, 1);
    files[`docs/${name}.md`] = `# About ${name}\n\n${text}\n\n## More\n\n${around.join("\n\n").repeat(at + 1)}\n`;
  });
  chinese.forEach(([name, text], at) => {
    files[`zh/${name}.txt`] = `${text}\n${chinese[(at + 1) % chinese.length]?.[1] ?? ""}\n`;
  });
  return files;
}

/** What is asked of {@link sampleFiles}. */
export const sampleQueries = [
  "Why does the sea rise and fall?",
  "what do bees dance for",
  "suspension bridge cables",
  "yeast dough oven",
  "sand crystals",
  "退款需要几天？",
  "海拔最高的铁路在哪里",
  "北京明天的天气",
  "茶",
  "nextDelay attempt",
  "open connection",
  "firstDelayMs",
];
