import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { CheckResult } from '../../narrate/commands/finding-lines.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import { findConnector } from '../../registry.ts';

/** Remote stores that were already checked. A check needs about thirty requests, so a store that several entities of a flow share is checked only once. */
export class AskedStores {
  readonly #asked = new Map<string, { readonly by: string; readonly findings: readonly CheckResult[] }>();

  async once(spec: EntitySpec, ask: () => Promise<readonly CheckResult[]>): Promise<readonly CheckResult[]> {
    const place = await sharedPlace(spec);
    const before = place === undefined ? undefined : this.#asked.get(place);
    const about = shownEntity(spec.flow, spec.entity);
    if (before !== undefined) {
      const ok = before.findings.every((finding) => finding.ok);
      const what = ok
        ? `store: the same place as that of ${before.by}`
        : `store: the same place as that of ${before.by}, which has a problem`;
      return [{ about, ok, what, tryThis: ok ? [] : [`See the findings of ${before.by}`] }];
    }
    const findings = await ask();
    if (place !== undefined) this.#asked.set(place, { by: about, findings });
    return findings;
  }
}

/** Undefined: the store is checked for each entity. */
async function sharedPlace({ flow, store }: EntitySpec): Promise<string | undefined> {
  if ((await findConnector(store.type))?.remote === undefined) return undefined;
  const { path: _, ...shared } = store.config as Readonly<Record<string, unknown>>;
  return JSON.stringify([flow, store.type, shared]);
}
