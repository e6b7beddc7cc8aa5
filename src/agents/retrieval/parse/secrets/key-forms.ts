import type { SecretSpan } from "./secret-span.ts";

/** Letters of a key go on in these; one that begins inside of such a run is none. */
const startsHere = "(?<![A-Za-z0-9_-])";

/**
 * How the keys of services look that say by their form what they are, as the services and the rules of gitleaks and
 * secretlint describe them. Every run is bounded at its beginning by a lookbehind, so that no text is gone over twice.
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

/** Keys that only what stands before them makes keys; the part named `key` is the secret. */
const told: readonly RegExp[] = [
  /secret_?(?:access_?)?key["'\s:=>]{1,6}(?<key>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
  /hooks\.slack\.com\/(?:services|workflows)\/(?<key>T\w{6,}\/[AB]\w{6,}\/[\w/]{16,})/g,
  /discord(?:app)?\.com\/api\/webhooks\/(?<key>\d{16,20}\/[\w-]{60,})/g,
  /\b(?:Account|SharedAccess|Access)Key=(?<key>[A-Za-z0-9+/]{42,}={0,2})/g,
  /[?&]sig=(?<key>[A-Za-z0-9%+/-]{40,}(?:%3D|=)?)/g,
  /\bclient-key-data:\s{0,9}(?<key>[A-Za-z0-9+/]{40,}={0,2})/g,
  /:_(?:authToken|auth|password)[ \t]{0,4}=[ \t]{0,4}"?(?<key>[^\s"$]{16,})/g,
  /\bAuthorization["']?\s?[:=]\s?["']?(?:Bearer|Basic|Token)[ \t]{1,4}(?<key>[\w.~+/=-]{20,})/gi,
];

const prefixedKeys = new RegExp(`${startsHere}(?:${prefixed.join("|")})`, "g");

/** What no text with a key of {@link told} is without. */
const tellsOfKey = /secret|hooks\.slack|webhooks|Key=|sig=|key-data|:_auth|:_pass|authorization/i;

/** Words that stand in keys which a manual shows. */
const spoken = /example|your[-_]|xxxx|\*{3}|placeholder|dummy|redacted|changeme/i;
const fewestCharacters = 10;

/** Finds keys that their form or what stands before them gives away. */
export function keysByForm(text: string): readonly SecretSpan[] {
  const found: SecretSpan[] = [];
  for (const { 0: key, index } of text.matchAll(prefixedKeys)) {
    if (isReal(key)) {
      found.push({ start: index, end: index + key.length });
    }
  }
  for (const form of tellsOfKey.test(text) ? told : []) {
    for (const { 0: match, index, groups } of text.matchAll(form)) {
      const key = groups?.["key"] ?? "";
      const start = index + match.lastIndexOf(key);
      // Amazon's own example is no secret, and yet what stands at this place is never needed.
      if (isReal(key) || form === told[0]) {
        found.push({ start, end: start + key.length });
      }
    }
  }
  return found;
}

function isReal(key: string): boolean {
  return new Set(key.slice(0, 200)).size >= fewestCharacters && !spoken.test(key);
}
