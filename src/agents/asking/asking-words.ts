import { languageByScript } from "../analysis/language.ts";

/** What the group says in its own words, in the language of a question. */
export interface AskingWords {
  /** How an answer begins that says the files do not have it. */
  readonly notInFiles: string;
  /** What is missing, where the model does not say. */
  readonly nothingFound: string;
  readonly nothingAsked: string;
  /** Heads passages where no model is there to answer from them. */
  readonly bestPassages: string;
  /** In place of a model's own words for what its answer leaves open. */
  readonly partlyMissing: string;
}

const english: AskingWords = {
  notInFiles: "Not in these files.",
  nothingFound: "No passage in them has to do with the question.",
  nothingAsked: "There is nothing to ask about yet: add a file or a folder to this chat first.",
  bestPassages: "The passages that fit the question best:",
  partlyMissing: "Not in these files: ",
};

const chinese: AskingWords = {
  notInFiles: "这些文件中没有说明。",
  nothingFound: "没有找到与问题相关的段落。",
  nothingAsked: "还没有可以提问的内容：请先向此会话添加文件或文件夹。",
  bestPassages: "与问题最相关的段落：",
  partlyMissing: "这些文件中没有说明：",
};

/** The words for a question: Chinese for Chinese ones, else English. */
export function askingWords(question: string): AskingWords {
  return isChinese(question) ? chinese : english;
}

const conversationsEnglish: AskingWords = {
  notInFiles: "Not in the earlier conversations.",
  nothingFound: "None of them has to do with the question.",
  nothingAsked: "No earlier conversation of this workspace is remembered.",
  bestPassages: "What earlier conversations say that fits the question best:",
  partlyMissing: "Not in the earlier conversations: ",
};

const conversationsChinese: AskingWords = {
  notInFiles: "以前的对话中没有提到。",
  nothingFound: "没有找到与问题相关的对话。",
  nothingAsked: "此工作区还没有记住任何以前的对话。",
  bestPassages: "以前的对话中与问题最相关的内容：",
  partlyMissing: "以前的对话中没有提到：",
};

/** The same where the answer is looked for in earlier conversations. */
export function conversationWords(question: string): AskingWords {
  return isChinese(question) ? conversationsChinese : conversationsEnglish;
}

function isChinese(question: string): boolean {
  return languageByScript(question)?.startsWith("Chinese") === true;
}

/** Whether an answer begins by saying that the files do not have it. */
export function saysNotInFiles(answer: string): boolean {
  return [english, chinese, conversationsEnglish, conversationsChinese].some(({ notInFiles }) =>
    answer.startsWith(notInFiles),
  );
}
