/** What is said of earlier conversations, in English. */
export const memoryEn = {
  switchMemoryOff: "Stop remembering conversations",
  switchMemoryOn: "Remember conversations",
  forgetSession: "Forget this conversation",
  rememberSession: "Remember this conversation",
  sessionForgotten: "This conversation is not remembered. Remember it again",
  forgetEverything: "Forget all conversations…",
  earlierQuestions: (amount: string, count: number) => `${amount} earlier ${count === 1 ? "question" : "questions"}`,
  foundQuestions: "Questions and answers",
  openQuestion: (question: string, title: string) => `Show “${question}” in ${title}`,
};
