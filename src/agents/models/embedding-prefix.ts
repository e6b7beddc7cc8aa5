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

const task = "Given a web search query, retrieve relevant passages that answer the query";
const instructed = `Instruct: ${task}\nQuery: `;
const representSentence = "Represent this sentence for searching relevant passages: ";
const representCodeQuery = "Represent this query for searching relevant code: ";
const searchPrefixes: Prefixes = { query: "search_query: ", passage: "search_document: " };
const plainPrefixes: Prefixes = { query: "query: ", passage: "passage: " };

/** Model families that want a prefix, as their cards on huggingface.co say; the first that fits. */
const families: readonly Family[] = [
  // Built upon others, and named after them.
  { name: /mxbai-embed-de-/u, ...plainPrefixes },
  { name: /modernbert-embed/u, ...searchPrefixes },
  { name: /nomic-embed-code|coderankembed/u, query: representCodeQuery, passage: "" },
  { name: /nomic-embed/u, ...searchPrefixes },
  // Without a space behind the last colon.
  { name: /qwen3-(?:vl-)?embedding/u, query: `Instruct: ${task}\nQuery:`, passage: "" },
  {
    name: /e5-mistral|e5-.*instruct|gte-qwen.*instruct|kalm-embedding.*instruct|nv-embed-v|linq-embed/u,
    query: instructed,
    passage: "",
  },
  { name: /sfr-embedding-(?:mistral|2)|inf-retriever|speed-embedding/u, query: instructed, passage: "" },
  { name: /llama-embed-nemotron/u, query: instructed, passage: "" },
  { name: /stella-en-.*v5|jasper-en/u, query: `Instruct: ${task}.\nQuery: `, passage: "" },
  { name: /(?:^|[^a-z0-9])e5-/u, ...plainPrefixes },
  { name: /nv-embedqa|nemoretriever/u, ...plainPrefixes },
  { name: /bge-(?:multilingual-gemma|en-icl|code)/u, query: `<instruct>${task}.\n<query>`, passage: "" },
  { name: /bge-m3/u, query: "", passage: "" },
  { name: /bge-.*-zh/u, query: "为这个句子生成表示以用于检索相关文章：", passage: "" },
  { name: /bge-(?:small|base|large)|uae-large/u, query: representSentence, passage: "" },
  { name: /mxbai-embed/u, query: representSentence, passage: "" },
  { name: /arctic-embed.*(?:v2|2\.0)|arctic-embed-?2/u, query: "query: ", passage: "" },
  { name: /arctic-embed/u, query: representSentence, passage: "" },
  { name: /embeddinggemma/u, query: "task: search result | query: ", passage: "title: none | text: " },
  {
    name: /jina-code-embeddings/u,
    query: "Find the most relevant code snippet given the following query:\n",
    passage: "Candidate code snippet:\n",
  },
  {
    name: /jina-embeddings-v3/u,
    query: "Represent the query for retrieving evidence documents: ",
    passage: "Represent the document for retrieval: ",
  },
  { name: /jina-embeddings-v4/u, query: "Query: ", passage: "Passage: " },
  { name: /jina-embeddings-v5/u, query: "Query: ", passage: "Document: " },
  // What its server would write itself if it were told which of the two a text is.
  {
    name: /^voyage-/u,
    query: "Represent the query for retrieving supporting documents: ",
    passage: "Represent the document for retrieval: ",
  },
  {
    name: /instructor-(?:base|large|xl)/u,
    query: "Represent the question for retrieving supporting documents: ",
    passage: "Represent the document for retrieval: ",
  },
  { name: /minicpm-embedding/u, query: "Query: ", passage: "" },
  { name: /ruri-v3/u, query: "検索クエリ: ", passage: "検索文書: " },
  { name: /(?:^|[^a-z0-9])ruri-(?:small|base|large)/u, query: "クエリ: ", passage: "文章: " },
  { name: /ru-en-rosberta|(?:^|[^a-z0-9])frida/u, ...searchPrefixes },
];

const none: Prefixes = { query: "", passage: "" };

function prefixesOf(model: string): Prefixes {
  const last = model.toLowerCase().replaceAll("_", "-").split("/").at(-1) ?? "";
  const name = last.replace(/[:@].*$|\.gguf$/gu, "");
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
