import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { AgentError, messageOf } from "../base/errors.ts";
import type { Term, TermStore } from "../ports/term-store.ts";

const mostTerms = 500;
const longestTerm = 80;
const longestMeaning = 600;

const fileSchema = z.object({
  version: z.literal(1),
  terms: z.array(z.object({ term: z.string(), meaning: z.string() })),
});

/** Keeps terms in a file of JSON that a person can edit; it is read anew each time, and made with the first term. */
export function createTermFile(path: string): TermStore {
  let writing: Promise<unknown> = Promise.resolve();
  const change = async (make: (terms: readonly Term[]) => readonly Term[]): Promise<void> => {
    const written = writing.then(async () => write(path, make(await read(path))));
    writing = written.catch(() => undefined);
    await written;
  };
  return {
    place: path,
    list: () => read(path),
    keep: (added) =>
      change((terms) =>
        [
          ...withoutThe(
            terms,
            added.map(({ term }) => term),
          ),
          ...added.map(shortened),
        ].slice(-mostTerms),
      ),
    forget: async (wanted) => {
      let known: readonly string[] = [];
      await change((terms) => {
        known = terms.filter(({ term }) => wanted.some((other) => isSame(term, other))).map(({ term }) => term);
        return withoutThe(terms, wanted);
      });
      return known;
    },
  };
}

function withoutThe(terms: readonly Term[], names: readonly string[]): readonly Term[] {
  return terms.filter(({ term }) => !names.some((name) => isSame(name, term)));
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}

function shortened({ term, meaning }: Term): Term {
  return { term: oneLine(term).slice(0, longestTerm), meaning: oneLine(meaning).slice(0, longestMeaning) };
}

async function read(path: string): Promise<readonly Term[]> {
  try {
    const { terms } = fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
    const kept = terms.map(shortened).filter(({ term, meaning }) => term !== "" && meaning !== "");
    return kept.toSorted((one, other) => one.term.localeCompare(other.term));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return [];
    }

    const reason = messageOf(error);
    throw new AgentError(
      "terms.not-readable",
      { path, reason },
      `What your terms mean cannot be read from ${path}: mend the file or delete it. ${reason}`,
      error,
    );
  }
}

async function write(path: string, terms: readonly Term[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const text = `${JSON.stringify({ version: 1, terms: [...terms].toSorted((one, other) => one.term.localeCompare(other.term)) }, undefined, 2)}\n`;
  const beside = `${path}.${crypto.randomUUID()}`;
  await writeFile(beside, text);
  await rename(beside, path);
}
