import type { StateRow, StateStore } from '../../../src/ports/state.ts';
import type { EntityKey } from '../../../src/ports/values.ts';
import type { Request, Step } from './call.ts';
import type { MemoryState } from './memory-state.ts';
import type { Process } from './process.ts';

const nameOf = ({ flow, entity }: EntityKey) => JSON.stringify([flow, entity]);

const stepOf: Readonly<Record<string, Step>> = { claim: 'claim', intend: 'intend', settle: 'settle' };

/** Which step of the protocol a write of the row belongs to: what the process tried last says it. */
export function stepOfRowWrite(process: Process): Step | undefined {
  return stepOf[process.event];
}

/** A process's view of state in memory: every method is one call. */
export function simState(process: Process, raw: MemoryState): StateStore {
  const read = <T>(label: string, apply: () => Promise<T>) => process.call<T>({ label: `state ${label}`, kind: 'read', apply });
  const write = <T>(label: string, apply: () => Promise<T>, step?: Step) => {
    const request: Request = { label: `state ${label}`, kind: 'write', apply, ...(step ? { step } : {}) };
    return process.call<T>(request);
  };
  // What a process was answered, and not what became of a request whose answer it never got.
  const known = new Map<string, { readonly row: StateRow; readonly etag: string }>();
  const learn = <R extends Awaited<ReturnType<StateStore['read']>>>(key: EntityKey, found: R): R => {
    if (found === undefined) known.delete(nameOf(key));
    else known.set(nameOf(key), found);
    return found;
  };
  return {
    location: raw.location,
    known: (key) => known.get(nameOf(key)),
    read: async (key) => learn(key, await read('read row', () => raw.read(key))),
    write: async (key, etag, row, journal) => {
      const apply = async () => {
        const outcome = await raw.write(key, etag, row, journal);
        return { outcome, now: outcome === 'written' ? await raw.read(key) : undefined };
      };
      const { outcome, now } = await write(`write row if ${etag ?? 'none'} (${process.event})`, apply, stepOfRowWrite(process));
      if (now !== undefined) learn(key, now);
      return outcome;
    },
    putObject: (key, ref, body) => write(`put ${ref}`, () => raw.putObject(key, ref, body)),
    getObject: (key, ref) => read(`get ${ref}`, () => raw.getObject(key, ref)),
    removeObjects: (key, refs) => write(`remove ${refs.join(' ')}`, () => raw.removeObjects(key, refs)),
    listObjects: (key, prefix) => read(`list ${prefix}`, () => raw.listObjects(key, prefix)),
    appendJournal: (row) => write('append journal', () => raw.appendJournal(row)),
    journal: (filter) => read('read journal', () => raw.journal(filter)),
    pruneJournal: (before) => write('prune journal', () => raw.pruneJournal(before)),
    entities: () => read('entities', () => raw.entities()),
  };
}
