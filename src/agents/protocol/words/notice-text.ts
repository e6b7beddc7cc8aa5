import type { NoticeBlock } from "../session-state.ts";
import { noticeInChinese } from "./notices-zh.ts";

/** A notice in the language of the locale where its code is known there, else in English. */
export function noticeText(notice: NoticeBlock, locale: string): string {
  return (locale.toLowerCase().startsWith("zh") ? noticeInChinese(notice) : null) ?? notice.text;
}
