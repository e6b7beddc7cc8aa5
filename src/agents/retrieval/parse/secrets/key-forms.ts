import type { KeyCandidates } from "./key-candidates.ts";
import { type SecretSpan, spanOf } from "./secret-span.ts";

/** Letters of a key go on in these; one that begins inside of such a run is none. */
const startsHere = "(?<![A-Za-z0-9_-])";

/**
 * How the keys of services look that say by their form what they are, as the services and the rules of gitleaks and
 * secretlint describe them. They are tried where {@link KeyCandidates} says that one may begin: what a form begins with has
 * to be known there.
 */
const prefixed: readonly string[] = [
  "(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])", // AWS
  "gh[pousr]_[A-Za-z0-9]{36,255}", // GitHub
  "github_pat_[A-Za-z0-9_]{60,255}",
  "gl(?:pat|dt|rt|ptt|ft|soat|cbt|agent|oas|imt)-[\\w-]{20,300}", // GitLab
  "xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{16,}", // Slack
  "xapp-\\d-[A-Za-z0-9]{6,}-\\d{6,}-[a-z0-9]{20,}",
  "sk-(?=[A-Za-z_-]{0,300}\\d)[\\w-]{32,}", // OpenAI, Anthropic and those that follow them
  "(?:xai|gsk|pplx|csk)[-_][A-Za-z0-9]{40,}",
  "AIza[\\w-]{35}(?![\\w-])", // Google
  "GOCSPX-[\\w-]{28}(?![\\w-])",
  "ya29\\.[\\w-]{40,}",
  "[rs]k_(?:live|test)_[0-9A-Za-z]{20,}", // Stripe
  "whsec_[A-Za-z0-9+/=]{24,}",
  "npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
  "pypi-[\\w-]{60,}",
  "rubygems_[a-f0-9]{48}",
  "hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])", // Hugging Face
  "r8_[A-Za-z0-9]{37}", // Replicate
  "SG\\.[\\w-]{22}\\.[\\w-]{43}(?![\\w-])", // SendGrid
  "do[opr]_v1_[a-f0-9]{64}", // DigitalOcean
  "dapi[a-f0-9]{32}(?:-\\d)?(?![A-Za-z0-9])", // Databricks
  "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}", // Shopify
  "sq0(?:atp|csp)-[\\w-]{22,43}", // Square
  "hv[bsr]\\.[\\w-]{24,}", // HashiCorp Vault
  "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,}", // Terraform
  "ATATT3[\\w=-]{100,}", // Atlassian
  "dckr_(?:pat|oat)_[\\w-]{27,}",
  "(?:glsa|glc)_[\\w+/=]{32,}", // Grafana
  "sntry[su]_[\\w+/=-]{60,}", // Sentry
  "NRAK-[A-Z0-9]{27}", // New Relic
  "PMAK-[a-f0-9]{24}-[a-f0-9]{34}", // Postman
  "lin_api_[A-Za-z0-9]{40}", // Linear
  "(?:ntn|secret)_[A-Za-z0-9]{43,50}(?![A-Za-z0-9])", // Notion
  "figd_[\\w-]{40,}", // Figma
  "sbp_[a-f0-9]{40}", // Supabase
  "pscale_(?:tkn|pw|oauth)_[\\w=.-]{32,}", // PlanetScale
  "dp\\.(?:pt|st|ct|sa)\\.(?:[\\w-]{2,35}\\.)?[A-Za-z0-9]{40,44}", // Doppler
  "LTAI[A-Za-z0-9]{16,20}(?![A-Za-z0-9])", // Alibaba
  "AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])", // Tencent
  "AGE-SECRET-KEY-1[0-9A-Z]{58}",
  "key-[a-f0-9]{32}(?![A-Za-z0-9])", // Mailgun
  "[a-f0-9]{32}-us\\d{1,2}(?![A-Za-z0-9])", // Mailchimp
  "\\d{8,10}:AA[\\w-]{33}(?![\\w-])", // Telegram
  "[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}(?![\\w~.-])", // Microsoft Entra
  "eyJ[\\w-]{12,}\\.eyJ[\\w-]{12,}(?:\\.[\\w-]{16,})?", // JSON Web Tokens
];

/** Keys that only what stands before them makes keys: the end of a name, and what follows it. */
interface ToldForm {
  readonly name: RegExp;
  /** The part named `key` is the secret. */
  readonly value: RegExp;
}

const secretKey: ToldForm = {
  name: /secret_?(?:access_?)?key$/i,
  value: /["'\s:=>]{1,6}(?<key>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/y,
};
const told: readonly ToldForm[] = [
  secretKey,
  { name: /\b(?:Account|SharedAccess|Access)Key$/, value: /=(?<key>[A-Za-z0-9+/]{42,}={0,2})/y },
  { name: /[?&]sig$/, value: /=(?<key>[A-Za-z0-9%+/-]{40,}(?:%3D|=)?)/y },
  { name: /\bclient-key-data$/, value: /:\s{0,9}(?<key>[A-Za-z0-9+/]{40,}={0,2})/y },
  { name: /:_(?:authToken|auth|password)$/, value: /[ \t]{0,4}=[ \t]{0,4}"?(?<key>[^\s"$]{16,})/y },
  {
    name: /\bauthorization$/i,
    value: /["']?\s?[:=]\s?["']?(?:Bearer|Basic|Token)[ \t]{1,4}(?<key>[\w.~+/=-]{20,})/iy,
  },
];
/** What the names of {@link told} end in. */
const toldName = /(?:key|[?&]sig|-data|:_(?:auth|authToken|password)|authorization)$/i;
/** The longest of them with what stands before it. */
const longestName = 24;

/** Addresses that let in whoever knows them. */
const hooks: readonly (readonly [literal: string, form: RegExp])[] = [
  ["hooks.slack.com/", /hooks\.slack\.com\/(?:services|workflows)\/(?<key>T\w{6,}\/[AB]\w{6,}\/[\w/]{16,})/g],
  ["/api/webhooks/", /discord(?:app)?\.com\/api\/webhooks\/(?<key>\d{16,20}\/[\w-]{60,})/g],
];

/** What stands in all of them. */
const inHooks = "hooks";

const prefixedKey = new RegExp(`${startsHere}(?:${prefixed.join("|")})`, "y");

/** Words that stand in keys which a manual shows. */
const spoken = /example|your[-_]|xxxx|\*{3}|placeholder|dummy|redacted|changeme/i;
const fewestCharacters = 10;

/** Finds keys that their form or what stands before them gives away. */
export function keysByForm(text: string, candidates: KeyCandidates): readonly SecretSpan[] {
  return [...prefixedKeys(text, candidates), ...toldKeys(text, candidates), ...hookKeys(text)];
}

function prefixedKeys(text: string, { starts }: KeyCandidates): readonly SecretSpan[] {
  const found: SecretSpan[] = [];
  let done = 0;
  for (const start of starts) {
    prefixedKey.lastIndex = start;
    const key = start < done ? undefined : prefixedKey.exec(text)?.[0];
    if (key !== undefined) {
      done = start + key.length;
      found.push(...(isReal(key) ? [{ start, end: done }] : []));
    }
  }
  return found;
}

function toldKeys(text: string, { names }: KeyCandidates): readonly SecretSpan[] {
  const found: SecretSpan[] = [];
  for (let at = 0; at < names.length; at += 2) {
    const [start, end] = [names[at] ?? 0, names[at + 1] ?? 0];
    // One character more than the run: the sign before some names belongs to them.
    const name = text.slice(Math.max(0, start - 1, end - longestName), end);
    if (toldName.test(name)) {
      found.push(...told.flatMap((form) => (form.name.test(name) ? valueAt(text, end, form) : [])));
    }
  }
  return found;
}

function valueAt(text: string, end: number, form: ToldForm): readonly SecretSpan[] {
  form.value.lastIndex = end;
  const match = form.value.exec(text);
  // Amazon's own example is no secret, and yet what stands at this place is never needed.
  return match === null ? [] : spanOf(match, (key) => isReal(key) || form === secretKey);
}

function hookKeys(text: string): readonly SecretSpan[] {
  if (!text.includes(inHooks)) {
    return [];
  }
  return hooks.flatMap(([literal, form]) =>
    text.includes(literal) ? Array.from(text.matchAll(form)).flatMap((match) => spanOf(match, isReal)) : [],
  );
}

function isReal(key: string): boolean {
  return new Set(key.slice(0, 200)).size >= fewestCharacters && !spoken.test(key);
}
