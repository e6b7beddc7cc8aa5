import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PackageOffer } from "../../../src/agents/protocol/package-offer.ts";
import type { CellBlock } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import { Button, Icon } from "./controls.tsx";

/** The packages that a cell lacked: the offer that waits, and what came of the others. */
export function PackageOffers(props: { readonly block: CellBlock }): VNode | null {
  const { block } = props;
  return block.packages.length === 0 ? null : (
    <>
      {block.packages.map((offer) =>
        offer.state === "waiting" ? (
          <WaitingOffer key={offer.package.name} offer={offer} cellId={block.id} />
        ) : (
          <SettledOffer key={offer.package.name} offer={offer} />
        ),
      )}
    </>
  );
}

/** A well-known package takes one click; another one a warning and two. */
function WaitingOffer(props: { readonly offer: PackageOffer; readonly cellId: string }): VNode {
  const { offer, cellId } = props;
  const { name, known, similar } = offer.package;
  const { strings, request, announce, store } = usePage();
  const [answered, setAnswered] = useState(false);
  const [sure, setSure] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => announce(strings.packageMissing(name)), []);

  const answer = async (decision: "install" | "skip"): Promise<void> => {
    setAnswered(true);
    const result = await request("package-answer", { cellId, decision });
    setAnswered(result !== null);
    if (bar.current?.contains(document.activeElement) === true) {
      store.set({ focusRequests: store.get().focusRequests + 1 });
    }
  };
  const without = (
    <Button primary={!known && !sure} disabled={answered} onClick={() => void answer("skip")}>
      {strings.packageSkip}
    </Button>
  );
  const install = (
    <Button primary={known} disabled={answered} onClick={() => void answer("install")}>
      {known ? strings.packageInstall(name) : strings.packageInstallSurely(name)}
    </Button>
  );
  return (
    <div ref={bar}>
      <div class="card-part effects">
        <div class={known ? "line top" : "line top risky"}>
          <Icon name={known ? "package" : "warning"} />
          <span class="grow break">
            {strings.packageMissing(name)}
            {known ? null : ` ${strings.packageUnknown}`}
            {similar === null ? null : ` ${strings.packageSimilar(similar)}`}
          </span>
        </div>
        <div class="quiet break">{strings.packagePlaces[offer.place.kind](offer.place.folder)}</div>
      </div>
      <div class="approval" role="group" aria-label={strings.packageMissing(name)}>
        {known ? install : null}
        {without}
        {known ? null : sure ? (
          install
        ) : (
          <Button disabled={answered} onClick={() => setSure(true)}>
            {strings.packageInstallAnyway}
          </Button>
        )}
      </div>
    </div>
  );
}

const stateIcons = {
  installing: "loading",
  installed: "check",
  failed: "error",
  declined: "circle-slash",
  waiting: "question",
} as const;

function SettledOffer(props: { readonly offer: PackageOffer }): VNode {
  const { offer } = props;
  const { strings } = usePage();
  return (
    <div class="card-part effects">
      <div class="line top quiet">
        <Icon name={stateIcons[offer.state]} spin={offer.state === "installing"} />
        <span class="grow break">
          {strings.packageStates[offer.state](offer.package.name)}
          {offer.message === "" ? "" : ` ${offer.message}`}
        </span>
      </div>
    </div>
  );
}
