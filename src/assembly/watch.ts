/**
 * Checks states and journal without a run: which entities are stale, which scheduled runs were missed, which runs are slow. Each problem is reported once,
 * and once more when it is over, even with several watchers.
 */
import { decodeTime } from 'ulid';
import { httpWebhook } from '../adapters/webhook.ts';
import { slowAfter, slowComparedRuns } from '../checks/lateness.ts';
import { postNotice } from '../engine/close/notice-sending.ts';
import type { Closing } from '../engine/contracts/ports.ts';
import { readable } from '../errors/readable.ts';
import { noticeBody } from '../narrate/commands/notice-bodies.ts';
import type { Clock } from '../ports/clock.ts';
import type { Host } from '../ports/host.ts';
import type { Network } from '../ports/network.ts';
import type { Random } from '../ports/random.ts';
import type { StateRow, StateStore } from '../ports/state.ts';
import type { EntityKey, Instant, Json } from '../ports/values.ts';
import { type NotifySpec, type WatchKind, type WatchNotice, watchKinds } from '../ports/webhook.ts';
import { newestIn, type ScheduledEntity, statusOf } from '../report/entity-status.ts';
import { StateLedger } from '../state/ledger.ts';

/** How notices are sent over a network. */
export function telling(network: Pick<Network, 'send'>): NonNullable<WatchPorts['telling']> {
  return { message: noticeBody, webhook: httpWebhook(network) };
}

export interface WatchedFlow {
  readonly flow: string;
  readonly entities: readonly ScheduledEntity[];
  /** The receivers of notices; null: no notice is sent. */
  readonly notify: NotifySpec | null;
}

export interface WatchPorts {
  readonly state: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly host: Pick<Host, 'fate'>;
  /** How notices are sent; absent: notices are not sent. */
  readonly telling?: Pick<Closing, 'message' | 'webhook'>;
}

/** A late entity, a missed run or a slow run. */
export interface Finding extends EntityKey {
  readonly what: WatchKind;
  readonly since: Instant;
}

export interface WatchResult {
  readonly findings: readonly Finding[];
  /** An entity whose state could not be read. */
  readonly unread: readonly (EntityKey & { readonly code: string; readonly what: string })[];
  readonly told: readonly WatchNotice[];
  /** Notices that could not be sent. The next check tries to send them again. */
  readonly unsent: readonly { readonly flow: string; readonly code: string; readonly what: string }[];
}

/** Throws the errors of the journal. A notice that can't be sent is part of the result. */
export async function watch(workspace: string, flows: readonly WatchedFlow[], ports: WatchPorts): Promise<WatchResult> {
  const result = {
    findings: [] as Finding[],
    unread: [] as WatchResult['unread'][number][],
    told: [] as WatchNotice[],
    unsent: [] as WatchResult['unsent'][number][],
  };
  for (const one of flows) {
    const looks = [];
    for (const entity of one.entities) looks.push(await lookAt(entity, ports));
    const unread = looks.flatMap((look) => ('unread' in look ? [look.unread] : []));
    const findings = looks.flatMap((look) => ('findings' in look ? look.findings : []));
    result.findings.push(...findings);
    result.unread.push(...unread);
    if (one.notify === null || ports.telling === undefined) continue;
    const entities = new Set(one.entities.map(({ entity }) => entity));
    const known = new Set([...entities].filter((name) => !unread.some(({ entity }) => entity === name)));
    const request = { workspace, flow: one.flow, notify: one.notify, findings, entities, known };
    const { told, unsent } = await tell(request, ports, ports.telling);
    result.told.push(...told);
    result.unsent.push(...unsent);
  }
  return result;
}

async function lookAt(
  spec: ScheduledEntity,
  { state, clock, host }: WatchPorts,
): Promise<{ readonly findings: readonly Finding[] } | { readonly unread: WatchResult['unread'][number] }> {
  const now = clock.now();
  const { flow, entity } = spec;
  const { status, row } = await statusOf(spec, { state, host, now, newest: newestIn(state) });
  if (status.unreadable !== null) return { unread: { flow, entity, ...status.unreadable } };
  const slow = status.held_by === null || status.held_by.fate === 'dead' ? null : await slowSince(row, { state, now }, spec);
  const found: Readonly<Record<WatchKind, Instant | null>> = { stale: status.stale_since, missed: status.overdue_since, slow };
  return { findings: watchKinds.flatMap((what) => (found[what] === null ? [] : [{ flow, entity, what, since: found[what] }])) };
}

/** When the running run became slow, judged by the times from the start of a flow's run to the entity's end; null: the run is not slow. */
async function slowSince(
  row: StateRow | undefined,
  { state, now }: { readonly state: StateStore; readonly now: Instant },
  key: EntityKey,
): Promise<Instant | null> {
  const began = startOf(row?.owner?.run);
  if (began === null) return null;
  const rows = await state.journal({ flow: key.flow, entity: key.entity, limit: 10 * slowComparedRuns });
  // Runs without rows are ignored, because they do not show how long a run with rows takes.
  const moved = rows.filter(({ lane, status }) => lane === 'live' && (status === 'pass' || status === 'warn'));
  const took = moved.flatMap(({ run_id: run, finished_at: at }) => {
    const start = startOf(run);
    return start === null ? [] : [Date.parse(at) - start];
  });
  const after = slowAfter(Date.parse(now) - began, took);
  return after === null ? null : new Date(began + after).toISOString();
}

/** When a run began, by its id; null: the id does not contain the time. */
function startOf(run: string | undefined): number | null {
  const [id = ''] = (run ?? '').split('.');
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id) ? decodeTime(id) : null;
}

/** The notices about an entity. `telling`: one watcher is sending, since `at`. */
interface ToldBefore {
  readonly since: Instant;
  readonly state: 'telling' | 'told' | 'ending';
  readonly at: Instant;
}

type ToldDocument = Readonly<Record<string, ToldBefore>>;

interface TellRequest {
  readonly workspace: string;
  readonly flow: string;
  readonly notify: NotifySpec;
  readonly findings: readonly Finding[];
  /** The entities of the flow, and the entities whose state could be read. */
  readonly entities: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
}

/** A watcher that sends longer than this counts as gone. */
const sendingMs = 5 * 60_000;
/** How many entities a notice names. The other entities are only counted. */
const namedAtMost = 20;

const idOf = (what: WatchKind, entity: string): string => JSON.stringify([what, entity]);

/** Each notice is claimed before it is sent, by compare-and-set over all watchers of one state. Afterwards the notice is marked as sent, or released. */
async function tell(request: TellRequest, ports: WatchPorts, closing: NonNullable<WatchPorts['telling']>) {
  const told: WatchNotice[] = [];
  const unsent: { flow: string; code: string; what: string }[] = [];
  const ledger = new StateLedger(ports, `watch ${request.flow}`);
  for (const what of watchKinds.filter((kind) => request.notify.on.includes(kind)))
    for (const claim of await claims(request, what, ledger)) {
      const notice = noticeOf(request, claim, ports.clock.now());
      try {
        await postNotice({ notice, notify: request.notify, closing }, ports);
        told.push(notice);
        await settle(claim, ledger, 'sent');
      } catch (error) {
        const { code, what: why } = readable(error);
        unsent.push({ flow: request.flow, code, what: why });
        await settle(claim, ledger, 'not sent');
      }
    }
  return { told, unsent };
}

interface WatchClaim {
  readonly what: WatchKind;
  readonly isOver: boolean;
  readonly entities: readonly { readonly entity: string; readonly since: Instant }[];
}

/** The notices for this watcher: about new and about resolved problems. */
function claims({ findings, entities, known }: TellRequest, what: WatchKind, ledger: StateLedger): Promise<readonly WatchClaim[]> {
  const now = new Map(findings.filter((one) => one.what === what).map(({ entity, since }) => [entity, since]));
  return ledger.change((document, at) => {
    const before = (document ?? {}) as unknown as ToldDocument;
    const next = new Map(Object.entries(before));
    const isFree = ({ state, at: since }: ToldBefore) => state === 'told' || Date.parse(at) - Date.parse(since) > sendingMs;
    const begun: { entity: string; since: Instant }[] = [];
    for (const [entity, since] of now) {
      const one = before[idOf(what, entity)];
      if (one !== undefined && (one.state === 'told' || !isFree(one))) continue;
      begun.push({ entity, since });
      next.set(idOf(what, entity), { since, state: 'telling', at });
    }
    const over: { entity: string; since: Instant }[] = [];
    for (const [id, one] of Object.entries(before)) {
      const [kind, entity] = JSON.parse(id) as [WatchKind, string];
      if (kind !== what || now.has(entity)) continue;
      if (!entities.has(entity)) next.delete(id);
      else if (known.has(entity) && isFree(one)) {
        // A problem that was never reported needs no end notice.
        if (one.state === 'telling') next.delete(id);
        else {
          over.push({ entity, since: one.since });
          next.set(id, { ...one, state: 'ending', at });
        }
      }
    }
    const answer = [
      ...(begun.length === 0 ? [] : [{ what, isOver: false, entities: begun }]),
      ...(over.length === 0 ? [] : [{ what, isOver: true, entities: over }]),
    ];
    const isSame = next.size === Object.keys(before).length && answer.length === 0;
    return isSame ? { answer } : { to: Object.fromEntries(next) as unknown as Json, answer };
  });
}

function settle({ what, isOver, entities }: WatchClaim, ledger: StateLedger, outcome: 'sent' | 'not sent'): Promise<void> {
  return ledger.change((document, at) => {
    const next = new Map(Object.entries((document ?? {}) as unknown as ToldDocument));
    for (const { entity, since } of entities) {
      const id = idOf(what, entity);
      // The record is removed after the end of the problem was reported, or if its beginning was never reported.
      if (isOver === (outcome === 'sent')) next.delete(id);
      else next.set(id, { since, state: 'told', at });
    }
    return { to: Object.fromEntries(next) as unknown as Json, answer: undefined };
  });
}

function noticeOf({ workspace, flow }: TellRequest, { what, isOver, entities }: WatchClaim, at: Instant): WatchNotice {
  return { workspace, flow, what, is_over: isOver, at, entities: entities.slice(0, namedAtMost), total: entities.length };
}
