import { type QuickPickItem, ThemeIcon, l10n, window } from "vscode";
import type { FoundTurn } from "../../agents/protocol/page.ts";
import type { MemoryRoom } from "./memory-room.ts";

const pauseMs = 150;

interface TurnItem extends QuickPickItem {
  /** `null`: switches memory on. */
  readonly turn: FoundTurn | null;
}

export interface ConversationSearch {
  readonly memory: MemoryRoom;
  readonly openTurn: (turn: FoundTurn) => Promise<void>;
  readonly forgetAll: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** A list of earlier questions that follows what is typed; choosing one shows its conversation there. */
export function searchConversations({ memory, openTurn, forgetAll, onFailure }: ConversationSearch): void {
  const pick = window.createQuickPick<TurnItem>();
  const forget = { iconPath: new ThemeIcon("trash"), tooltip: l10n.t("Forget All Conversations…") };
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;
  const search = async (text: string): Promise<void> => {
    latest += 1;
    const own = latest;
    pick.busy = true;
    try {
      const turns = await memory.search(text);
      if (own === latest) {
        pick.items = turns.length > 0 || text.trim() === "" ? turns.map(itemOf) : [nothingFound(text)];
      }
    } catch (error) {
      onFailure(error);
    } finally {
      pick.busy = own === latest ? false : pick.busy;
    }
  };
  pick.title = l10n.t("Search Conversations");
  pick.placeholder = l10n.t("What was asked or found before, such as “deaths in 1901”");
  pick.buttons = [forget];
  pick.items = memory.isOn ? [] : [switchedOff()];
  pick.onDidChangeValue((text) => {
    clearTimeout(timer);
    timer = setTimeout(() => void search(text), memory.isOn ? pauseMs : 0);
  });
  pick.onDidTriggerButton(() => {
    pick.hide();
    forgetAll().catch(onFailure);
  });
  pick.onDidAccept(() => {
    const turn = pick.selectedItems[0]?.turn;
    if (turn === null && !memory.isOn) {
      memory.setOn(true).then(() => void search(pick.value), onFailure);
    } else if (turn !== undefined && turn !== null) {
      pick.hide();
      openTurn(turn).catch(onFailure);
    }
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    latest += 1;
    pick.dispose();
  });
  pick.show();
}

function itemOf(turn: FoundTurn): TurnItem {
  const day = turn.at === null ? "" : new Date(turn.at).toLocaleDateString();
  const description = [turn.title === turn.question ? "" : turn.title, day].filter((part) => part !== "").join(" · ");
  return { label: turn.question, description, detail: turn.excerpt, alwaysShow: true, turn };
}

function nothingFound(text: string): TurnItem {
  return { label: l10n.t("No earlier conversation has to do with “{0}”.", text.trim()), alwaysShow: true, turn: null };
}

function switchedOff(): TurnItem {
  return {
    label: l10n.t("Conversations are not remembered."),
    detail: l10n.t("Choose this to remember them from now on, on this machine only."),
    alwaysShow: true,
    turn: null,
  };
}
