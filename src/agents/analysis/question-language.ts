import type { Session } from "../protocol/session-state.ts";
import { languageByScript } from "./language.ts";

const fenced = /```[^]*?(?:```|$)|`[^`\n]*`|"[^"\n]*"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|《[^》\n]*》/gu;
const addresses = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+/giu;
const paths = /(?<![^\s(])(?:[A-Za-z]:[\\/]|~?[\\/]|\.{1,2}[\\/])[^\s"'，。；：！？（）,;:]+/gu;
const files = /[^\s"'，。；：！？（）,;:]*[\\/.][^\s"'，。；：！？（）,;:]*\.?[A-Za-z]\w{0,9}/gu;
const latinWord = /\p{Script=Latin}+/gu;
const otherLetter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Words that hold a sentence together, or ask for something, in languages that are written in Latin letters. */
const latinFrame = new Set(
  (
    "the of by in for from to with and or per is are was were be do does did has have had how many much what which who " +
    "when where why whose this that these those than between into over under at on all each every there it its not no " +
    "show list load give me count compare draw plot make tell find compute calculate translate explain summarize read open " +
    "describe write use please can could would " +
    "le la les des du de est et par pour quel quelle quels quelles combien dans avec sur une un " +
    "der die das den dem und ist sind wie viele pro nach für im mit von welche welcher welches zeige " +
    "el los las del y por cuál cuáles cuántos cuántas con para una il gli dei che quale quanti"
  ).split(" "),
);

/** The same for Chinese, Japanese and Korean. */
const otherFrame =
  /[的是了吗呢吧请帮我你把被将给在哪几谁每各有与和及或按为对从到列求查算画写]|多少|什么|怎么|怎样|如何|为何|比较|加载|统计|显示|は|を|の|が|に|で|です|ます|입니다|니까|해줘|하세요|에서|[은는을를]/gu;

/**
 * The language of a question as far as its script tells, named for a model; `null` where it does not. Names of files and
 * columns, and what is quoted, do not make a question Chinese.
 *
 * @param names Files and columns that the question may name.
 */
export function questionLanguage(question: string, names: readonly string[] = []): string | null {
  const rest = withoutNames(question, names);
  const language = languageByScript(rest);
  if (language !== null) {
    return isLatin(rest) ? null : language;
  }

  return /\p{Script=Latin}/u.test(rest) ? null : languageByScript(question);
}

/** The sentence that tells a model which language to answer in, where files may be in another. */
export function answerLanguageRule(question: string, names: readonly string[] = []): string {
  const language = questionLanguage(question, names);
  return language === null
    ? "Answer in the language of the question, whatever language names, files and results are in."
    : `Answer in ${language}.`;
}

/** What the files of a session are called, and their columns. */
export function sessionNames({ files: attached }: Pick<Session, "files">): readonly string[] {
  return attached.flatMap(({ name, profile }) => [
    name,
    name.replace(/\.\w{1,8}$/u, ""),
    ...(profile?.columns ?? []).map((column) => column.name),
    ...(profile?.sheets ?? []).map((sheet) => sheet.name),
  ]);
}

function withoutNames(question: string, names: readonly string[]): string {
  const bare = question
    .replaceAll(fenced, " ")
    .replaceAll(addresses, " ")
    .replaceAll(paths, " ")
    .replaceAll(files, " ");
  return names
    .filter((name) => languageByScript(name) !== null)
    .toSorted((one, other) => other.length - one.length)
    .reduce((text, name) => text.replaceAll(name, " "), bare);
}

/** Whether a text with letters of both kinds is held together by words in Latin letters. */
function isLatin(text: string): boolean {
  const words = text.toLowerCase().match(latinWord) ?? [];
  const frame = words.filter((word) => latinFrame.has(word)).length;
  const other = text.match(otherFrame)?.length ?? 0;
  return frame === other ? frame > 0 && words.length > (text.match(otherLetter)?.length ?? 0) / 2 : frame > other;
}
