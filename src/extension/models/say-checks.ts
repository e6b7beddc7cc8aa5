import { l10n } from "vscode";
import type { ConnectionCheck, ConnectionReport } from "../../agents/protocol/model.ts";

type Values = NonNullable<ConnectionCheck["finding"]>["values"];

/** Says the findings of a test in the editor's language; one that is not known here stays as it was written. */
export function sayChecks(report: ConnectionReport): ConnectionReport {
  // In English what was written says more.
  if (l10n.bundle === undefined) {
    return report;
  }
  const checks = report.checks.map((check) => {
    const { code = "", values = {} } = check.finding ?? {};
    return { ...check, message: sentences[code]?.(values) ?? check.message };
  });
  return { ...report, checks };
}

const sentences: { readonly [code: string]: (values: Values) => string } = {
  skipped: () => l10n.t("Not tried, since an earlier check failed."),
  "lists-models": ({ host = "", count = "" }) => l10n.t("{0} answers; models in its list: {1}.", host, count),
  listed: ({ model = "" }) => l10n.t("{0} is in the list.", model),
  "no-list": ({ host = "", status = "" }) =>
    l10n.t("{0} answers; its list of models could not be read (status {1}).", host, status),
  "not-an-api": ({ baseUrl = "", reason = "" }) =>
    l10n.t("{0} does not answer as an OpenAI-compatible API ({1}). Check the base URL.", baseUrl, reason),
  "no-answer-dns": ({ host = "" }) =>
    l10n.t("The name {0} could not be resolved: check the base URL and the network.", host),
  "no-answer-refused": ({ host = "", reason = "" }) =>
    l10n.t("Nothing answers at {0} ({1}): start the model server, or choose another model.", host, reason),
  "no-answer-tls": ({ host = "", reason = "" }) =>
    l10n.t(
      "No secure connection to {0}: {1}. Check the certificate, or whether the address begins with http rather than https.",
      host,
      reason,
    ),
  "no-answer-timeout": ({ host = "" }) =>
    l10n.t("{0} did not answer in time: check that the server is running and not overloaded.", host),
  "no-answer-lost": ({ host = "", reason = "" }) =>
    l10n.t("The connection to {0} was lost ({1}): check the server and the network, then try again.", host, reason),
  unreachable: ({ host = "", reason = "" }) =>
    l10n.t("{0} cannot be reached: {1}. Check the server and the network.", host, reason),
  "key-accepted": () => l10n.t("The key is accepted."),
  "no-key-wanted": () => l10n.t("No key is set, and none is wanted."),
  "wrong-key": ({ host = "" }) =>
    l10n.t("{0} does not accept the key, or wants one: set a key for this address.", host),
  "model-there": ({ model = "" }) => l10n.t("{0} is there.", model),
  "unknown-model": ({ host = "", model = "" }) =>
    l10n.t("{0} does not serve the model {1}. Choose another model.", host, model),
  answered: ({ text = "" }) => l10n.t("It answered: {0}", text),
  "no-chat": ({ model = "", reason = "" }) => l10n.t("{0} did not answer. {1}", model, reason),
  streams: () => l10n.t("Answers stream."),
  whole: () => l10n.t("Answers come in one piece: the text does not appear while it is written."),
  tools: () => l10n.t("It calls tools."),
  "no-tools": () => l10n.t("It cannot call tools: its code is read from fenced blocks instead."),
  "text-for-tools": () =>
    l10n.t("It answered in text instead of calling the tool: its code is read from fenced blocks."),
  "tools-refused": ({ reason = "" }) => l10n.t("Offering a tool made the request fail. {0}", reason),
  sees: () => l10n.t("It sees pictures."),
  blind: () => l10n.t("It does not see pictures: plots are described to it in words."),
  "pictures-refused": ({ reason = "" }) =>
    l10n.t("A picture made the request fail: pictures will not be sent. {0}", reason),
};
