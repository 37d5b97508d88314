/** Rows that a source says are deleted: what becomes of them. */
import type { Checkpoint, Description, Frame, Home, Step } from '../contracts/contracts.ts';
import { deletedColumn } from '../contracts/deletes.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { deletesNotApplied, deletesNotTold } from '../errors/deletes.ts';

/** Throws HYG-2085 where the source tells no deletes, HYG-2084 where they are to be applied: no store removes rows by their key yet. */
export function checkDeletes(spec: EntitySpec, home: Home, where: string): void {
  if (spec.deletes === undefined) return;
  if (home.capabilities.deletes !== true) throw deletesNotTold(spec);
  if (spec.deletes === 'apply') throw deletesNotApplied(spec, where);
}

/** With `ignore`, a home without the rows that the source says are deleted, and without the column that says so. */
export function withDeletes({ deletes }: EntitySpec, home: Home): Home {
  if (deletes !== 'ignore' || home.capabilities.deletes !== true) return home;
  return {
    capabilities: home.capabilities,
    place: home.place,
    ...(home.oneFile === undefined ? {} : { oneFile: home.oneFile }),
    describe: async (...of) => withoutColumn(await home.describe(...of)),
    bound: (...of) => home.bound(...of),
    future: (...of) => home.future(...of),
    nulls: (...of) => home.nulls(...of),
    plan: (...of) => home.plan(...of),
    async *read(...of) {
      for await (const item of home.read(...of)) yield isFrame(item) ? await item.without(deletedColumn) : item;
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

function isFrame(item: Frame | Checkpoint | object): item is Frame {
  return 'fingerprint' in item;
}

function withoutColumn(step: Step<Description>): Step<Description> {
  if (!('done' in step) || !step.done.schema) return step;
  const columns = step.done.schema.columns.filter(({ name }) => name !== deletedColumn);
  return { done: { ...step.done, schema: { ...step.done.schema, columns } } };
}
