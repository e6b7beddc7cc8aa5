import { expect, test } from "vitest";
import { embeddingPrefixId, withEmbeddingPrefix } from "./embedding-prefix.ts";

const task = "Given a web search query, retrieve relevant passages that answer the query";
const represent = "Represent this sentence for searching relevant passages: ";

test.each([
  ["nomic-embed-text:latest", "search_query: ", "search_document: "],
  ["text-embedding-nomic-embed-text-v1.5@q8_0", "search_query: ", "search_document: "],
  ["nomic-ai/modernbert-embed-base", "search_query: ", "search_document: "],
  ["nomic-embed-code", "Represent this query for searching relevant code: ", ""],
  ["CodeRankEmbed", "Represent this query for searching relevant code: ", ""],
  ["intfloat/multilingual-e5-small", "query: ", "passage: "],
  ["e5-large-v2.gguf", "query: ", "passage: "],
  ["intfloat/multilingual-e5-large-instruct", `Instruct: ${task}\nQuery: `, ""],
  ["e5-mistral-7b-instruct", `Instruct: ${task}\nQuery: `, ""],
  ["Qwen/Qwen3-Embedding-0.6B", `Instruct: ${task}\nQuery:`, ""],
  ["hf.co/Qwen/Qwen3-Embedding-8B-GGUF:Q4_K_M", `Instruct: ${task}\nQuery:`, ""],
  ["dengcao/Qwen3-Embedding-4B:F16", `Instruct: ${task}\nQuery:`, ""],
  ["Alibaba-NLP/gte-Qwen2-1.5B-instruct", `Instruct: ${task}\nQuery: `, ""],
  ["Alibaba-NLP/gte-Qwen1.5-7B-instruct", `Instruct: ${task}\nQuery: `, ""],
  ["nvidia/NV-Embed-v2", `Instruct: ${task}\nQuery: `, ""],
  ["stella_en_400M_v5", `Instruct: ${task}.\nQuery: `, ""],
  ["BAAI/bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""],
  ["bge-large:335m", represent, ""],
  ["BAAI/bge-base-en-v1.5", represent, ""],
  ["BAAI/bge-multilingual-gemma2", `<instruct>${task}.\n<query>`, ""],
  ["WhereIsAI/UAE-Large-V1", represent, ""],
  ["mxbai-embed-large", represent, ""],
  ["mixedbread-ai/deepset-mxbai-embed-de-large-v1", "query: ", "passage: "],
  ["snowflake-arctic-embed:335m", represent, ""],
  ["Snowflake/snowflake-arctic-embed-m-v1.5", represent, ""],
  ["snowflake-arctic-embed2:568m", "query: ", ""],
  ["Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", ""],
  ["embeddinggemma:300m", "task: search result | query: ", "title: none | text: "],
  [
    "jinaai/jina-embeddings-v3",
    "Represent the query for retrieving evidence documents: ",
    "Represent the document for retrieval: ",
  ],
  ["jina-embeddings-v4-text-retrieval-GGUF", "Query: ", "Passage: "],
  ["jina-embeddings-v5-text-small-retrieval", "Query: ", "Document: "],
  [
    "jina-code-embeddings-0.5b",
    "Find the most relevant code snippet given the following query:\n",
    "Candidate code snippet:\n",
  ],
  [
    "voyage-3.5-lite",
    "Represent the query for retrieving supporting documents: ",
    "Represent the document for retrieval: ",
  ],
  ["cl-nagoya/ruri-v3-310m", "検索クエリ: ", "検索文書: "],
  ["cl-nagoya/ruri-base", "クエリ: ", "文章: "],
])("%s sees the prefixes that it was trained with", (model, query, passage) => {
  expect([withEmbeddingPrefix(model, "query", "x"), withEmbeddingPrefix(model, "passage", "x")]).toEqual([
    `${query}x`,
    `${passage}x`,
  ]);
  expect(embeddingPrefixId(model)).toBe(`${query}|${passage}`);
});

test.each([
  "bge-m3",
  "all-minilm",
  "sentence-transformers/all-MiniLM-L6-v2",
  "paraphrase-multilingual",
  "text-embedding-3-small",
  "text-embedding-ada-002",
  "gemini-embedding-001",
  "mistral-embed",
  "granite-embedding:278m",
  "Alibaba-NLP/gte-multilingual-base",
  "gte-modernbert-base",
  "jina-embeddings-v2-base-zh",
  "text-embedding-v4",
])("%s is given texts as they are", (model) => {
  expect([withEmbeddingPrefix(model, "query", "x"), withEmbeddingPrefix(model, "passage", "x")]).toEqual(["x", "x"]);
  expect(embeddingPrefixId(model)).toBe("");
});
