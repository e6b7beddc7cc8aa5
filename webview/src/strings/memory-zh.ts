import type { memoryEn } from "./memory-en.ts";

/** What is said of earlier conversations, in Chinese. */
export const memoryZh: typeof memoryEn = {
  switchMemoryOff: "不再记住对话",
  switchMemoryOn: "记住对话",
  forgetSession: "忘记此对话",
  rememberSession: "记住此对话",
  sessionForgotten: "此对话未被记住。点击重新记住",
  forgetEverything: "忘记所有对话…",
  earlierQuestions: (amount) => `${amount} 个以前的提问`,
  foundQuestions: "提问与回答",
  openQuestion: (question, title) => `在“${title}”中显示“${question}”`,
};
