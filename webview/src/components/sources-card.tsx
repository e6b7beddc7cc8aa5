import type { VNode } from "preact";
import type { SessionSource } from "../../../src/agents/protocol/session-state.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { LinkButton } from "./controls.tsx";
import { memo } from "./memo.ts";
import { SourceEntry } from "./source-entry.tsx";

const shownAtFirst = 5;

/** What is asked about: how much of it was read, what is left out, and the ways out of what went wrong. */
export const SourcesCard = memo(function SourcesCard(props: { readonly sources: readonly SessionSource[] }): VNode {
  const { sources } = props;
  const { strings, format } = usePage();
  const [all, setAll] = useKeptOpen("all-sources", false);
  const shown = all ? sources : sources.slice(0, shownAtFirst);
  const more = sources.length - shownAtFirst;
  return (
    <section
      class="card sources-card"
      aria-label={strings.sources}
      aria-busy={sources.some(({ state }) => state === null || state.status === "indexing")}
    >
      <ul>
        {shown.map((source) => (
          <SourceEntry key={source.id} source={source} />
        ))}
      </ul>
      {more > 0 ? (
        <div class="card-part quiet">
          <LinkButton expanded={all} onClick={() => setAll(!all)}>
            {all ? strings.fewerSources : strings.moreSources(format.number(more), more)}
          </LinkButton>
        </div>
      ) : null}
    </section>
  );
});
