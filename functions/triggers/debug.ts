import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { AskedStores } from '../../src/assembly/probes/asked-stores.ts';
import { checkDataEngine, checkEntity, checkState, failedCheck, findingEvent } from '../../src/assembly/probes/checks.ts';
import { version } from '../../src/assembly/version.ts';
import type { ConfigError } from '../../src/errors/hygge-error.ts';
import { type CheckResult, warningText } from '../../src/narrate/commands/finding-lines.ts';
import { shownEntity } from '../../src/narrate/text/visible.ts';
import { filled } from '../../src/ports/values.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../sdk.ts';
import { adviceForCallers } from './advice.ts';
import { orError } from './answers.ts';
import { type AppStart, type ServedFlow, whyNotServed } from './flows.ts';
import { toldIn } from './logging.ts';

/** The platform's front end limits a request to 230 seconds. */
const mostMs = 200_000;
/** How many flows are checked at once. Entities of a flow are checked one after another, because most of them share a store, which is checked only once. */
const atOnce = 4;

/**
 * `POST /api/debug`: the checks of `hygge debug` from inside the app, with its identity, settings and network. After some time, answers with the results so
 * far and the names of the unchecked entities. `?flow=a,b`: only those flows.
 */
export async function onDebug(app: App, start: AppStart, asked: TriggerRequest, called: TriggerContext): Promise<HttpAnswer> {
  const named = (asked.query.get('flow') ?? '').split(',').filter((name) => name !== '');
  const unserved = named.map((name) => whyNotServed(name, start.flows)).find((why) => why !== undefined);
  if (unserved !== undefined) return unserved;
  const chosen = start.flows.filter(({ found }) => named.length === 0 || named.includes(found.name));
  return await orError(
    async () => {
      const { findings, missing } = await looked(app, chosen);
      const body = {
        app: { name: appName(app.env), version, config: start.config, hub: called.instances.hub },
        ok: missing.length === 0 && findings.every(({ ok }) => ok),
        findings: findings.map((one) => findingEvent({ ...one, tryThis: one.tryThis.map(adviceForCallers) })),
        ...filled({ missing }),
      };
      return { status: 200, body: JSON.parse(JSON.stringify(body)) };
    },
    toldIn(app, named.join(','), called),
  );
}

/** The results of one flow so far, and the entities without results. */
interface Look {
  readonly findings: CheckResult[];
  readonly left: string[];
}

async function looked(app: App, chosen: readonly ServedFlow[]) {
  const over = new AbortController();
  const around: CheckResult[] = [];
  const looks = chosen.map((served) => ({ served, look: { findings: [...wrongBefore(served)], left: [] } as Look }));
  const waiting = looks.filter(({ served }) => !('errors' in served.found));
  // Names are collected first, so that unreached entities can be listed.
  for (const { served, look } of waiting)
    if (!('errors' in served.found)) look.left.push(...served.found.flow.entities.map(({ flow, entity }) => shownEntity(flow, entity)));
  let state: Promise<readonly CheckResult[]> | undefined;
  const some = async () => {
    for (let next = waiting.shift(); next !== undefined && !over.signal.aborted; next = waiting.shift())
      await lookInto(app, next.served.found.name, next.look, { signal: over.signal, first: (pinned) => (state ??= ofState(pinned)) });
  };
  const all = async () => {
    around.push(...(await checkDataEngine()));
    await Promise.all(Array.from({ length: atOnce }, some));
    around.push(...((await state) ?? []));
  };
  const tooLong = app.clock.sleep(mostMs, over.signal).catch(() => undefined);
  try {
    await Promise.race([all(), tooLong]);
    return { findings: [...around, ...looks.flatMap(({ look }) => look.findings)], missing: looks.flatMap(({ look }) => [...look.left]) };
  } finally {
    over.abort();
  }
}

/** All flows of an app share one state. */
async function ofState(pinned: PinnedFlow): Promise<readonly CheckResult[]> {
  return await checkState(await pinned.ports(() => undefined));
}

/** Errors that were found when the app started. */
function wrongBefore({ found, scheduleError }: ServedFlow): readonly CheckResult[] {
  if ('errors' in found) return wrongConfig(found.name, found.errors);
  if (scheduleError === null) return [];
  const { code, what, why, tryThis } = scheduleError;
  return [{ about: found.name, ok: false, what: `${code} ${what}`, why, tryThis }];
}

function wrongConfig(flow: string, errors: readonly ConfigError[]): readonly CheckResult[] {
  return errors.map((error) => failedCheck(flow, error));
}

interface DebugContext {
  readonly signal: AbortSignal;
  /** Called for each flow that can be used. */
  readonly first: (pinned: PinnedFlow) => unknown;
}

/** A flow in the current config. Entities are removed from `left` when their findings are known. */
async function lookInto(app: App, flow: string, look: Look, { signal, first }: DebugContext): Promise<void> {
  try {
    const pinned = await app.pin({ flow, config: 'current', date: app.clock.now().slice(0, 10), run: '', found: 'now' });
    if (signal.aborted) return;
    first(pinned);
    const { entities } = pinned.flow;
    for (const warning of pinned.workspace.warnings.filter(({ foundFor }) => foundFor === flow))
      look.findings.push({ about: flow, ok: true, warns: true, what: warningText(warning), tryThis: [] });
    look.left.splice(0, look.left.length, ...entities.map((spec) => shownEntity(spec.flow, spec.entity)));
    const ports = await pinned.ports(() => undefined);
    const asked = new AskedStores();
    for (const spec of entities) {
      if (signal.aborted) return;
      const found = await checkEntity(spec, ports, asked);
      if (signal.aborted) return;
      look.findings.push(...found);
      look.left.shift();
    }
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    look.left.splice(0, look.left.length);
    look.findings.push(...wrongConfig(flow, error.errors));
  }
}
