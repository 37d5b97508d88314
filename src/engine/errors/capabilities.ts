/** What an entity requires and its store and home can't do together: HYG-2014. */
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import type { WriteMode } from '../contracts/writing.ts';

function cannot(spec: EntitySpec, what: string, why: string): FlowError {
  return new FlowError({
    code: 'HYG-2014',
    what,
    why: [why],
    tryThis: ['Change the flow so that the store can do it, or choose another store'],
    where: spec.where,
  });
}

/** What an entity may need from its store: a mode of writing, or replacing only some rows. `window`: the rows of an overlap. `boundary`: the group at the watermark. `sources`: the rows of a file. */
export type StoreAbility = WriteMode | 'window' | 'boundary' | 'sources' | 'replication' | 'replace by key';

const lacking: Readonly<Record<StoreAbility, { readonly what: string; readonly why: string }>> = {
  append: { what: 'add rows to existing ones', why: 'This store replaces everything with each load: run_type: full_drop.' },
  swap: { what: 'replace the whole destination', why: 'This store only adds rows: run_type: incremental, or if_exists: append.' },
  merge: { what: 'merge by key', why: 'This store adds and replaces whole files. Databases and table formats can merge.' },
  delete_insert: {
    what: 'delete rows to insert others in their place, which write_strategy: direct_insert does with a full load',
    why: 'This store replaces the whole old content by the new: remove write_strategy, or write temp_swap.',
  },
  'replace by key': {
    what: 'merge a full load by key and remove the rows that the load does not have',
    why: 'A full load replaces all rows there: remove write_strategy. With run_type: incremental rows are merged by their key.',
  },
  window: { what: 'replace a window of rows, which watermark.overlap needs', why: 'This store replaces whole parts only.' },
  boundary: {
    what: 'replace the rows at the watermark',
    why: 'watermark.boundary: open with a lag does not need this ability. Neither does watermark.key in a store that merges.',
  },
  replication: {
    what: 'report whether another system has applied settled rows, which verify.replicated needs',
    why: 'Readers of this store see a commit at once: remove `replicated`. hygge list connectors names the stores that replicate.',
  },
  sources: {
    what: 'replace the rows that came from a file, which changed_files: replace does',
    why: 'changed_files: append adds a changed file once more, ignore skips the change, fail stops.',
  },
};

export function storeCannot(spec: EntitySpec, where: string, ability: StoreAbility): FlowError {
  const { what, why } = lacking[ability];
  return cannot(spec, `${where} cannot ${what}.`, why);
}

const tellsApart = 'Such a source needs watermark.key and a store that merges';
const orOpen = `${tellsApart}, or watermark.boundary: open with a lag.`;
const orFull = `${tellsApart}, or run_type: full_drop without a watermark.`;

/** Why a home does not fit. `parents`, `observed`, `appended`, `not repeatable`: kinds of homes that do not fit if the rows at the watermark are read again. `no filter`, `no end`: what the home can’t do. */
export type Unfit = 'parents' | 'observed' | 'appended' | 'not repeatable' | 'no filter' | 'no end';

export function homeUnfit(spec: EntitySpec, column: string, unfit: Unfit): FlowError {
  const source = `The source of ${spec.flow}.${spec.entity}`;
  switch (unfit) {
    case 'observed':
      return cannot(spec, `${source} shows its newest ${column} only when it is read.`, orOpen);
    case 'appended':
      return cannot(
        spec,
        `${source} shows its newest ${column} only when it is read, so the rows at the watermark cannot settle separately.`,
        'If each new row has a larger value than all others: set watermark.boundary: open.',
      );
    case 'parents':
      return cannot(
        spec,
        `${source} is read parent by parent, each from its own place, so the rows at the watermark cannot settle separately.`,
        'Leave watermark.boundary out, or set it to open.',
      );
    case 'not repeatable':
      return cannot(spec, `${source} may return other rows to the same query, and the rows at the watermark are read again.`, orOpen);
    case 'no filter':
      return cannot(spec, `${source} can't select new rows by ${column} alone: settled rows would be read again.`, orFull);
    case 'no end':
      return cannot(spec, `${source} can't end at a value of ${column}: rows above it would settle with this run and the next.`, orFull);
  }
}

export function rangeNotReplaced(spec: EntitySpec, { where, removes }: Pick<Store, 'where' | 'removes'>): FlowError {
  const why = removes.has('range by key')
    ? 'This store updates rows by their key, but watermark.key is not set.'
    : 'This store can only add rows, or replace all rows.';
  return cannot(spec, `${where} cannot replace a range of rows.`, why);
}

export function homeReadsNoRanges(spec: EntitySpec): FlowError {
  return cannot(
    spec,
    `The source of ${spec.flow}.${spec.entity} can't return a range of rows.`,
    'The source can only be read from the watermark on, or as a whole.',
  );
}

export function nothingToCreate(spec: EntitySpec): FlowError {
  return cannot(
    spec,
    `The source of ${spec.flow}.${spec.entity} showed neither rows nor columns.`,
    'Without a schema there is nothing to create.',
  );
}
