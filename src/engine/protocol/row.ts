import { mustBeUnresolved, retry } from '../../ports/retry.ts';
import type { JournalRow, StateRow } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type MoveRefusal, type ProtocolEvent, phaseOf, transition } from './protocol.ts';

export interface ReadRow {
  readonly row: StateRow | undefined;
  readonly etag: string | undefined;
}

export type RowMove =
  | { readonly outcome: 'written' | 'already'; readonly row: StateRow }
  | { readonly outcome: 'refused'; readonly why: MoveRefusal; readonly row: StateRow | undefined };

export async function readRow(ports: Pick<EnginePorts, 'state'>, key: EntityKey): Promise<ReadRow> {
  const read = await ports.state.read(key);
  return { row: read?.row, etag: read?.etag };
}

/** The row as this process knows it, if possible without a request. It is for callers that write conditionally, or that do no harm if the row has changed. */
export async function cachedRow(ports: Pick<EnginePorts, 'state'>, key: EntityKey): Promise<ReadRow> {
  return ports.state.known?.(key) ?? (await readRow(ports, key));
}

/**
 * Applies an event to the row by compare-and-swap. After a lost race, the row is read again. If an answer is lost, the write is looked up by its
 * write id. As long as the etag is unchanged, the SAME write is sent again (I5, H4: not finding the write proves nothing). @param seen the row as it
 * was read before. It is enough for a write, which fails if the row has changed, but never for a refusal. Absent: the row as this process knows it.
 */
export async function moveRow(
  ports: EnginePorts,
  key: EntityKey,
  event: ProtocolEvent,
  { journal, seen }: { readonly journal?: JournalRow; readonly seen?: ReadRow | undefined } = {},
): Promise<RowMove> {
  for (let known: ReadRow | undefined = seen ?? ports.state.known?.(key); ; known = undefined) {
    const { row, etag } = known ?? (await readRow(ports, key));
    const next = transition(row, event);
    if (known && next.outcome !== 'write') continue;
    ports.trace(phaseOf(row), event.event, next.outcome === 'refused' ? next.why : next.outcome);
    if (next.outcome === 'refused') return { outcome: 'refused', why: next.why, row };
    if (next.outcome === 'already') {
      if (!row) return { outcome: 'refused', why: 'not claimed', row };
      return { outcome: 'already', row };
    }
    const mine = { ...next.row, writeId: ports.random.nonce() };
    if (await writeRowIfUnchanged(ports, key, { etag, row: mine, journal })) return { outcome: 'written', row: mine };
  }
}

/**
 * Like `moveRow`, but only from the row that the caller has read. If another run has changed the row meanwhile (for example by a claim, whose lease
 * must be respected), the caller starts again.
 */
export async function moveRowFrom(
  ports: EnginePorts,
  key: EntityKey,
  event: ProtocolEvent,
  seen: ReadRow,
  journal?: JournalRow,
): Promise<RowMove | 'moved'> {
  const next = transition(seen.row, event);
  ports.trace(phaseOf(seen.row), event.event, next.outcome === 'refused' ? next.why : next.outcome);
  if (next.outcome === 'refused') return { outcome: 'refused', why: next.why, row: seen.row };
  if (next.outcome === 'already')
    return seen.row ? { outcome: 'already', row: seen.row } : { outcome: 'refused', why: 'not claimed', row: undefined };
  const nonce = ports.random.nonce();
  const mine = { ...next.row, writeId: event.event === 'look' ? `look-${event.swept}-${nonce}` : nonce };
  return (await writeRowIfUnchanged(ports, key, { etag: seen.etag, row: mine, journal })) ? { outcome: 'written', row: mine } : 'moved';
}

/** Whether the event is allowed for the row that was read. */
export function isMoveAllowed(ports: Pick<EnginePorts, 'trace'>, { row }: ReadRow, event: ProtocolEvent): boolean {
  const next = transition(row, event);
  ports.trace(phaseOf(row), event.event, next.outcome === 'refused' ? next.why : next.outcome);
  return next.outcome === 'write';
}

/**
 * The day on which a look swept what ended epochs had staged. Undefined: the row was written since. Every other write removes this day, in any
 * version of hygge.
 */
export function sweptOn({ writeId }: StateRow): string | undefined {
  return /^look-(\d{4}-\d\d-\d\d)-/.exec(writeId)?.[1];
}

/** Whether the row now has this content, by this write, or by an earlier try whose answer was lost. False: the row had changed. */
export async function writeRowIfUnchanged(
  ports: Pick<EnginePorts, 'state'>,
  key: EntityKey,
  write: { etag: string | undefined; row: StateRow; journal: JournalRow | undefined },
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await ports.state.write(key, write.etag, write.row, write.journal)) === 'written';
    } catch (error) {
      mustBeUnresolved(error, attempt);
      const now = await retry(() => readRow(ports, key));
      if (now.row?.writeId === write.row.writeId) return true;
      if (now.etag !== write.etag) return false;
    }
  }
}
