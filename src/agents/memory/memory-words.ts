import { languageByScript } from "../analysis/language.ts";

/** Said where somebody asks while memory is off, in the language of the question. */
export function memorySwitchedOff(question: string): string {
  return languageByScript(question)?.startsWith("Chinese") === true
    ? "记忆已关闭，因此没有查找以前的对话。可在“更多”菜单或设置“byzer.memory.enabled”中打开；在不受信任的工作区中，记忆始终关闭。"
    : "Memory is switched off, so earlier conversations were not looked at. Switch it on in the menu “More”, or by the setting “byzer.memory.enabled”. In a workspace that is not trusted it is always off.";
}
