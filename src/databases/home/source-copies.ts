/** A home whose database may show copies of tables that another system keeps. */
import type { Opening } from '../../engine/contracts/connector.ts';
import type { CopiedSource } from '../../engine/contracts/home.ts';
import type { Copies, Relation, Session } from '../engine.ts';

interface CopiesOfHome<K, S> {
  readonly keys: K;
  readonly opening: Opening;
  readonly look: (session: S) => Promise<Relation>;
  readonly reading: <T>(work: (session: S) => Promise<T>) => Promise<T>;
}

/** Requests newer rows, but only if the tables are copies. The relation is read again afterwards, because its table may have just appeared. */
export function copiedSource<K, S extends Session>(
  copies: Copies<K, S>,
  { keys, opening, look, reading }: CopiesOfHome<K, S>,
): CopiedSource {
  return {
    refresh: async (cursor) => {
      if (cursor === undefined && !(await reading((session) => copies.areIn(session)))) return { done: null };
      const step = await copies.refresh(keys, opening, cursor);
      if ('again' in step) return step;
      const { copiedFrom } = await reading(look);
      return { done: copiedFrom === undefined ? null : step.done.of(copiedFrom) };
    },
  };
}
