import { ConfigurationTarget, type Disposable, workspace } from "vscode";
import { type SettingName, type SettingValue, settings } from "../manifest/settings.ts";

const section = "byzer";

/** Reads one setting. */
export function readSetting<K extends SettingName>(name: K): SettingValue<K> {
  return workspace.getConfiguration(section).get<SettingValue<K>>(name, settings[name].default);
}

/** Writes one setting for every workspace of this person. */
export async function writeSetting<K extends SettingName>(name: K, value: SettingValue<K>): Promise<void> {
  await workspace.getConfiguration(section).update(name, value, ConfigurationTarget.Global);
}

/** Calls `listener` after any of `names` has changed. */
export function onSettingsChange(names: readonly SettingName[], listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (names.some((name) => change.affectsConfiguration(`${section}.${name}`))) {
      listener();
    }
  });
}
