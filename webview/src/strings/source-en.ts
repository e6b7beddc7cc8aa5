/** What is said of asking about files, in English: sources, passages, citations. */
export const sourceEn = {
  /** Under which the words of the protocol are in this language. */
  locale: "en",

  // What is asked about
  sources: "What is asked about",
  sourceKinds: { file: "file", lines: "lines of a file", folder: "folder", workspace: "whole workspace" },
  wholeWorkspace: (name: string) => `${name} (whole workspace)`,
  sourceFiles: (count: string, n: number) => `${count} ${n === 1 ? "file" : "files"}`,
  sourcePassages: (count: string, n: number) => `${count} ${n === 1 ? "passage" : "passages"}`,
  sourceLeftOut: (count: string, n: number) => `${count} ${n === 1 ? "file" : "files"} not read, or not in full`,
  leftOutMore: (count: string) => `and ${count} more`,
  sourceStopped: "Reading was stopped: only what was read until then is found.",
  sourceTooMany: "There are more files than an index holds. Those deepest down are not found.",
  sourceNothing: "Nothing here holds text that could be read.",
  sourceUnread: (reason: string) => `It was not read: ${reason}.`,
  sourceGone: "It is no longer there: it was deleted or moved.",
  removeSource: "Remove it",
  sourcePartly: (reason: string) => `Not all of it was read: ${reason}.`,
  readSourceRest: "Read the rest",
  indexingSource: (name: string) => `Reading ${name}…`,
  indexingShare: (done: string, of: string) => `${done} of ${of} files read`,
  indexingSome: (done: string, n: number) => `${done} ${n === 1 ? "file" : "files"} read, looking for more`,
  mayBeAsked: "can be asked while it is being read",
  stopSource: (name: string) => `Stop reading ${name}`,
  manageIndex: "Manage the index…",
  moreSources: (count: string, n: number) => `Show ${count} more ${n === 1 ? "source" : "sources"}`,
  fewerSources: "Show fewer sources",

  // Chips
  addScope: "Add what to ask about",
  addScopeChip: "add",
  addTable: "Table to analyze…",
  addFiles: "Files to ask about…",
  addFolder: "Folder to ask about…",
  addWorkspace: "Whole workspace",
  noWorkspace: "No folder is open in this window, so there is no workspace to ask about.",
  moreChips: (count: string) => `+${count}`,
  moreChipsLabel: (count: string) => `Show ${count} more`,
  fewerChips: "Show fewer",
  scope: "Files and sources",
  linesOf: (name: string, lines: string) => `${name}:${lines}`,

  // Questions that fit
  askSummary: "Summarize this file",
  askMainPoints: "What are the main points?",
  askCode: "What does this code do?",
  askCodeParts: "Which parts is this code made of?",
  askLines: "Explain these lines",
  askSeveral: "What do these files have in common?",
  askFolder: "What is in this folder?",
  askProject: "What is this project about?",
  askBuild: "How is it built and run?",
  askMore: "Explain in more detail",

  // Composer
  placeholderSources: "Ask about these files…",
  placeholderBoth: "Ask about the data or the files…",
  sendsExtract: "Enter sends; without a model the best passages are the answer",
  commandFiles: "answer from the files",
  agentRetrieval: "answers from the files, with citations",
  fileKinds: { table: "table", document: "file", folder: "folder", workspace: "everything in this workspace" },
  askFiles: "Ask about files",
  noModelSources:
    "Until there is one, the passages that fit best are the answer. For answers in words, connect one of these:",

  // Passages
  passagesRead: (passages: string, files: string, query: string) => `Read ${passages} from ${files} for “${query}”`,
  passagesWhole: (passages: string, files: string) => `Read all of ${files}: ${passages}`,
  passagesNone: (query: string) => `No passage was found for “${query}”`,
  passagesNearest: "Nearest passages",
  nearestNote: "They do not answer the question.",
  passage: (number: string) => `Passage ${number}`,
  wholePassage: "Show the whole passage",
  foldPassage: "Show less of the passage",
  morePassages: (count: string) => `Show ${count} more passages`,
  fewerPassages: "Show fewer passages",
  scores: {
    text: (value: string) => `text score ${value}`,
    vector: (value: string) => `similarity ${value}`,
    reranked: (value: string) => `reranked ${value}`,
  },
  openAt: (place: string) => `Open ${place}`,

  // Places in a file
  places: {
    line: (number: string) => `line ${number}`,
    lines: (first: string, last: string) => `lines ${first}–${last}`,
    textLine: (number: string) => `line ${number} of its text`,
    textLines: (first: string, last: string) => `lines ${first}–${last} of its text`,
    row: (number: string) => `row ${number}`,
    rows: (first: string, last: string) => `rows ${first}–${last}`,
    page: (number: string) => `page ${number}`,
    slide: (number: string) => `slide ${number}`,
    chapter: (number: string) => `chapter ${number}`,
    cell: (number: string) => `cell ${number}`,
  },

  // Citations
  citation: (number: string, place: string) => `Source ${number}: ${place}`,
  citationHint: "Click or press Enter to open",
  doubt: "Unsupported statement",
  doubtReasons: {
    "not-in-passages":
      "The words given as its source, or a name or figure in it, stand in none of the passages that were read.",
    "not-cited": "No source is given for this.",
  },
  doubtQuoted: (quote: string) => `Given as a quote: “${quote}”`,
  citedSources: "Sources",
  moreCitations: (count: string) => `Show ${count} more`,
  fewerCitations: "Show fewer",
  unsupportedCount: (count: string, n: number) =>
    n === 1 ? "1 statement is not supported by the passages" : `${count} statements are not supported by the passages`,
  unsupported: "unsupported",
};

/** The shape of this part in every language. */
export type SourceStrings = typeof sourceEn;
