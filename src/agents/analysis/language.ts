/** The language of a text, as far as its script tells, named for a model; `null` where the script does not tell. */
export function languageByScript(text: string): string | null {
  if (/[\u3040-\u30ff]/.test(text)) {
    return "Japanese";
  }

  if (/[\uac00-\ud7af]/.test(text)) {
    return "Korean";
  }

  if (/\p{Script=Han}/u.test(text)) {
    return "Chinese (简体中文 unless the question is in traditional characters)";
  }

  return null;
}

/** The sentence that tells a model which language to answer in. */
export function languageRule(question: string): string {
  const language = languageByScript(question);
  return language === null ? "Answer in the language of the question." : `Answer in ${language}.`;
}
