import type { NoticeBlock } from "../session-state.ts";
import { withGroupedFigures } from "./grouped-figures.ts";
import { noticeInChinese } from "./notices-zh.ts";
import { createNumberWords } from "./number-words.ts";

/** A notice in the language of the locale where its code is known there, else in English; its figures as the language writes them. */
export function noticeText(notice: NoticeBlock, locale: string): string {
  const chinese = locale.toLowerCase().startsWith("zh") ? noticeInChinese(notice) : null;
  return withGroupedFigures(chinese ?? notice.text, notice.values, createNumberWords(locale));
}
