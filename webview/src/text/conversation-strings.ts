import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import type { Strings } from "../strings/en.ts";
import { zh } from "../strings/zh.ts";

/** Whether a text is Chinese: Han characters, and none of the kana that come with them in Japanese. */
function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
}

/** What is offered to be asked of a table: in Chinese where most of its columns are called so, else as the page speaks. */
export function stringsForTable(profile: TableProfile, page: Strings): Strings {
  const chinese = profile.columns.filter(({ name }) => isChinese(name)).length;
  return chinese > 0 && chinese * 2 >= profile.columns.length ? zh : page;
}

/** What is offered to be asked next: in Chinese after a Chinese question, else as the page speaks. */
export function stringsForQuestion(question: string, page: Strings): Strings {
  return isChinese(question) ? zh : page;
}
