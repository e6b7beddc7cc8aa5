/** What a model wrote to say where a claim comes from. */
export type Marker =
  | { readonly kind: "quoted"; readonly entries: readonly { readonly passage: number; readonly quote: string }[] }
  /** `round`: in parentheses, which may mean something else. */
  | { readonly kind: "bare"; readonly passages: readonly number[]; readonly round: boolean };

/** What came of looking for a marker at the beginning of a text that may go on. */
export type MarkerReading =
  | { readonly status: "none" }
  /** Only what follows will tell. */
  | { readonly status: "wait" }
  | { readonly status: "marker"; readonly marker: Marker; readonly length: number };
