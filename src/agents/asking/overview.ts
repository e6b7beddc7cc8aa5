import type { NamedPassage } from "./passage-shelf.ts";

const whole = String.raw`(?:files?|documents?|folder|project|code(?:base)?|repo\w*|book|paper|report|text|article|workspace|thing)`;
const asksForOverview = new RegExp(
  [
    String.raw`\bsummar(?:i[sz]e|i[sz]ing)\b|\b(?:summary|overview|outline|gist|recap) of\b|\btl;?dr\b`,
    String.raw`\b(?:give|write|make|provide|need|want)\b.{0,20}\b(?:summary|overview|outline|gist|recap)\b|^\s*(?:summary|overview|outline)\b`,
    String.raw`\b(?:main|key) (?:points?|ideas?|topics?|themes?|arguments?|findings|takeaways)\b`,
    String.raw`\bwhat (?:is|are|does|do) (?:(?:this|these|that|the|my|our) ?(?:\w+ )?${whole}?|it|they) ?(?:all )?(?:about|contain|cover|say|do)\s*[?.!]*\s*$`,
    String.raw`\b(?:describe|explain|introduce) (?:this|the|these|that) (?:whole |entire )?${whole}\b`,
    "总结|概括|概述|概要|摘要|综述|总览|概览|梳理|主要(?:内容|观点|讲|说|介绍)|核心(?:内容|观点)|大意|要点",
    "(?:讲|说|写|介绍)(?:了|的是)(?:些)?什么|(?:关于|有关)什么|(?:是)?干什么(?:用)?的|有(?:哪些|什么)内容",
    "總結|概括|主要內容|摘要|講(?:了|的是)什麼",
  ].join("|"),
  "iu",
);

/** Whether a question is about a text as a whole, which no search for its words finds. */
export function isOverviewQuestion(question: string): boolean {
  return asksForOverview.test(question);
}

const beginningsCharacters = 18_000;
const outlineLines = 160;
/** A file that says what the others are about. */
const introduces = /(?:^|\/)(?:readme|index|overview|introduction|about|00|0?1)[^/]*$/iu;

/** What a scope that is too large to be read whole begins with, file by file, and the headings in it. */
export interface Overview {
  readonly passages: readonly NamedPassage[];
  /** Where passages stand: names of files with their headings, in order. */
  readonly outline: readonly string[];
}

/** The beginnings of files, in turns until there is enough, and an outline of all that was read. */
export function overviewOf(read: readonly NamedPassage[]): Overview {
  const files = new Map<string, NamedPassage[]>();
  for (const passage of read) {
    files.set(passage.file, [...(files.get(passage.file) ?? []), passage]);
  }

  const inTurn = [...files.values()].toSorted((a, b) => Number(isIntroduction(b)) - Number(isIntroduction(a)));
  const chosen: NamedPassage[] = [];
  let left = beginningsCharacters;
  for (let round = 0; left > 0 && round < 24; round += 1) {
    for (const passages of inTurn) {
      const next = passages[round];
      if (next !== undefined && left - next.text.length >= 0) {
        chosen.push(next);
        left -= next.text.length;
      }
    }
  }

  const order = new Map(read.map((passage, index) => [passage, index]));
  const passages = chosen.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const places = read.map(({ name, place }) => (place === "" ? name : `${name}: ${place}`));
  return { passages, outline: thinned([...new Set(places)]) };
}

function isIntroduction(passages: readonly NamedPassage[]): boolean {
  return introduces.test(passages[0]?.name ?? "");
}

/** Evenly fewer lines where there are too many. */
function thinned(lines: readonly string[]): readonly string[] {
  const step = Math.ceil(lines.length / outlineLines);
  return lines.filter((_line, index) => index % step === 0);
}
