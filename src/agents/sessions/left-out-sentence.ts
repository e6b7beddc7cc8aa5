const sentences: Readonly<Record<string, string>> = {
  secret: "it may hold keys or passwords, and is never read.",
  binary: "it holds no text that can be read.",
  generated: "it was made by a program and is left out.",
  unreadable: "it could not be read. Check whether another program has it open and whether you may read it.",
  empty: "it is empty.",
  password: "it is protected with a password. Save a copy without one.",
  scanned: "its pages are pictures without text. Run text recognition over it first.",
  damaged: "it is damaged.",
  "too-large": "it is too large.",
};

/** Why nothing of a file can be asked about, as a sentence for the reason that the index gives. */
export function leftOutSentence(reason: string): string {
  return sentences[reason] ?? `${reason}${/[.!?。]$/u.test(reason) ? "" : "."}`;
}
