/** The text of a file, or why there is none; `reason` as `leftOutText` of `protocol/words` reads it. */
export type FileTextReading =
  | { readonly type: "text"; readonly text: string; readonly leftOut: string | null }
  | { readonly type: "none"; readonly reason: string };

/** Takes the text out of files of any kind that an index reads. Keys in it are masked. */
export interface FileText {
  /** Whether a file is for keeping keys or passwords, by its path; what it says is never read. */
  isSecret(path: string): boolean;
  /** @throws what the file system says. */
  read(path: string, signal: AbortSignal): Promise<FileTextReading>;
}
