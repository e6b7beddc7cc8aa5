import type { EmbeddingKind } from "../ports/embedder.ts";

/** What a model was trained to see before a text. */
interface Prefixes {
  readonly query: string;
  readonly passage: string;
}

interface Family extends Prefixes {
  /** Tried on the name in lower case, without folder, tag and extension. */
  readonly name: RegExp;
}

const retrieveWebPassages =
  "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ";
const representSentence = "Represent this sentence for searching relevant passages: ";

/** Model families that want a prefix, as their cards on huggingface.co say; the first that fits. */
const families: readonly Family[] = [
  { name: /nomic-embed-code/u, query: "Represent this query for searching relevant code: ", passage: "" },
  { name: /nomic-embed/u, query: "search_query: ", passage: "search_document: " },
  { name: /e5-mistral|e5-.*instruct/u, query: retrieveWebPassages, passage: "" },
  { name: /(?:^|[^a-z0-9])e5-/u, query: "query: ", passage: "passage: " },
  { name: /qwen3-embedding|gte-qwen2.*instruct/u, query: retrieveWebPassages, passage: "" },
  { name: /bge-m3|bge-multilingual|bge-code|bge-en-icl/u, query: "", passage: "" },
  { name: /bge-.*-zh/u, query: "为这个句子生成表示以用于检索相关文章：", passage: "" },
  { name: /bge-(?:small|base|large)/u, query: representSentence, passage: "" },
  { name: /mxbai-embed-(?:large|xsmall)/u, query: representSentence, passage: "" },
  { name: /arctic-embed.*(?:v2|2\.0)/u, query: "query: ", passage: "" },
  { name: /arctic-embed/u, query: representSentence, passage: "" },
  { name: /embeddinggemma/u, query: "task: search result | query: ", passage: "title: none | text: " },
];

const none: Prefixes = { query: "", passage: "" };

function prefixesOf(model: string): Prefixes {
  const last = model.toLowerCase().replaceAll("_", "-").split("/").at(-1) ?? "";
  const name = last.replace(/:.*$|\.gguf$/u, "");
  return families.find((family) => family.name.test(name)) ?? none;
}

/** A text with what the model wants to see before it; the text as it is for models that want nothing. */
export function withEmbeddingPrefix(model: string, kind: EmbeddingKind, text: string): string {
  return prefixesOf(model)[kind] + text;
}

/** Changes with the prefixes that a model is given. */
export function embeddingPrefixId(model: string): string {
  const { query, passage } = prefixesOf(model);
  return query + passage === "" ? "" : `${query}|${passage}`;
}
