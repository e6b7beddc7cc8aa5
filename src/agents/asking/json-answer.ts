import * as z from "zod/mini";

const answerSchema = z.object({ answer: z.string(), citations: z.optional(z.array(z.unknown())) });
const citationSchema = z.object({
  passage: z.optional(z.number()),
  number: z.optional(z.number()),
  quote: z.optional(z.string()),
  text: z.optional(z.string()),
});

/** Whether an answer so far may be the JSON that some models write instead of text. */
export function mayBeJsonAnswer(text: string): boolean {
  return /^\s*(?:`{0,3}|```(?:j|js|jso|json)?\s*(?:\{[^]*)?|\{[^]*)$/u.test(text) && /^\s*[`{]/u.test(text);
}

/** The text of an answer that a model wrote as JSON, `{"answer": "…", "citations": […]}`; any other text as it is. */
export function withoutJson(text: string): string {
  const body = text
    .trim()
    .replace(/^```(?:json)?\s*/u, "")
    .replace(/\s*```$/u, "");
  const read = answerSchema.safeParse(parsed(body)).data;
  if (read === undefined) {
    return text;
  }

  const marks = (read.citations ?? []).flatMap((value) => {
    const { passage, number = passage, quote, text: words = quote } = citationSchema.safeParse(value).data ?? {};
    return number === undefined || words === undefined ? [] : [`[${number}: ${JSON.stringify(words)}]`];
  });
  return [read.answer, ...marks].join(" ");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
