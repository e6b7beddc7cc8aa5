import * as z from "zod/mini";
import type { Term } from "../ports/term-store.ts";
import { jsonIn } from "./json-in.ts";

/** What a person wants of the terms. */
export type TermWish =
  | { readonly do: "keep"; readonly terms: readonly Term[] }
  | { readonly do: "forget"; readonly terms: readonly string[] }
  | { readonly do: "forget-all" }
  | { readonly do: "show" }
  | { readonly do: "nothing" };

const bare = String.raw`["“”'‘’「」『』]?`;
const keeping = [
  new RegExp(
    String.raw`^(?:by|when I say|if I say) ${bare}(?<term>[^"“”]{1,60}?)${bare},? I mean (?<meaning>[^]{2,})$`,
    "iu",
  ),
  new RegExp(
    String.raw`^(?:(?:please )?(?:remember|note)(?: that)?:? )?${bare}(?<term>[^"“”\n.?!]{1,60}?)${bare} (?:means|stands for|is short for|refers to) (?<meaning>[^]{2,})$`,
    "iu",
  ),
  new RegExp(
    String.raw`^(?:请?记住[，,：:]?\s*)?${bare}(?<term>[^"“”\n。？！，]{1,30}?)${bare}\s*(?:是指|指的是|的意思是|意思是|就是指|代表)\s*(?<meaning>[^]{1,})$`,
    "u",
  ),
];
const forgetting = [
  new RegExp(
    String.raw`^(?:please )?forget (?:about |the term |what )?${bare}(?<term>[^"“”\n]{1,60}?)${bare}(?: means)?[.!]?$`,
    "iu",
  ),
  new RegExp(
    String.raw`^请?(?:忘记|忘掉|删除)(?:术语)?\s*${bare}(?<term>[^"“”\n]{1,30}?)${bare}(?:的含义|的意思)?[。！]?$`,
    "u",
  ),
];
const forgettingAll =
  /^(?:please )?(?:forget|delete|clear|remove) (?:all|every|all of)(?: (?:the|my|these|those))*(?: kept)? terms?[.!]?$|^(?:please )?forget (?:everything|them all|all of them)[.!]?$|^请?(?:忘记|忘掉|删除|清除|清空)(?:所有|全部|一切)(?:的)?(?:术语|词语|词)?[。！]?$/iu;
const showing =
  /^(?:(?:please )?(?:list|show)(?: me)?(?: (?:the|my|all))*(?: (?:the|my))? terms|terms|what (?:terms )?do you know)[.?!]?$|^(?:列出|显示|查看|有哪些)[^，。？]{0,8}?(?:术语|词)?[。？]?$/iu;

/** What plain words say; `undefined` where a model has to read them. */
export function plainTermWish(text: string): TermWish | undefined {
  const words = text.trim();
  if (showing.test(words)) {
    return { do: "show" };
  }

  if (forgettingAll.test(words)) {
    return { do: "forget-all" };
  }

  const forgotten = groupsOf(forgetting, words)?.["term"];
  if (forgotten !== undefined) {
    return { do: "forget", terms: [forgotten.trim()] };
  }

  const { term, meaning } = groupsOf(keeping, words) ?? {};
  return term === undefined || meaning === undefined || /\?$|？$/u.test(words)
    ? undefined
    : { do: "keep", terms: [{ term: term.trim(), meaning: meaning.trim().replace(/[.。]$/u, "") }] };
}

function groupsOf(
  patterns: readonly RegExp[],
  text: string,
): { readonly [name: string]: string | undefined } | undefined {
  return patterns.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups !== undefined);
}

const wishSchema = z.object({
  do: z.enum(["keep", "forget", "show", "nothing"]),
  terms: z.optional(z.array(z.object({ term: z.string(), meaning: z.optional(z.string()) }))),
});

/** What a model made of a person's words; `undefined` where it cannot be read. */
export function readTermWish(text: string): TermWish | undefined {
  const wish = wishSchema.safeParse(jsonIn(text)).data;
  if (wish === undefined) {
    return undefined;
  }

  const terms = (wish.terms ?? []).filter(({ term }) => term.trim() !== "");
  switch (wish.do) {
    case "keep":
      return {
        do: "keep",
        terms: terms.flatMap(({ term, meaning = "" }) => (meaning.trim() === "" ? [] : [{ term, meaning }])),
      };
    case "forget":
      return { do: "forget", terms: terms.map(({ term }) => term) };
    case "show":
    case "nothing":
      return { do: wish.do };
  }
}
