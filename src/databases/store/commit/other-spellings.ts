/**
 * Removes settled rows with an earlier spelling of a staged row’s key: the texts differ, but the source treats them as the same key. Each commit compares the
 * folded keys of new staged rows once with the folded keys of the destination. The commit compares the whole destination, or only rows that the database itself
 * finds by ASCII letters.
 */

import { foldedKey } from '../../../frames/row-sum/alike-keys.ts';
import type { KeyEqualities } from '../../../frames/row-sum/key-equality.ts';
import type { Row } from '../../engine.ts';
import { quotedDestination, type StoreContext } from '../context.ts';

/** The number of keys that are in memory at once. */
const keysHeld = 200_000;
/** The number of rows that one condition names. */
const rowsNamed = 500;

export interface OtherSpellings {
  readonly rows: string;
  readonly key: readonly string[];
  readonly on: string;
  readonly mine: string | null;
  readonly equalities: KeyEqualities;
  /** Makes a table of rows until the end of the commit. */
  keep(name: string, select: string): Promise<string>;
}

/** @param remove removes the rows `hygge_now` of the table that match a condition. @returns the number of removed rows. */
export async function removeOtherSpellings(
  context: StoreContext,
  { rows, key, on, mine, equalities, keep }: OtherSpellings,
  remove: (condition: string) => Promise<number>,
): Promise<number> {
  const { session, dialect } = context;
  const table = quotedDestination(context);
  const columns = (of: string) => key.map((name) => `${of}.${dialect.quote(name)}`).join(', ');
  const numbered = (of: string) => `${columns(of)}, row_number() over (order by (select null)) as hygge_row`;
  const folds = key.map((name) => equalities[name]);
  const foldedRow = (row: Row) =>
    foldedKey(
      key.map((_, at) => row[`k${at}`] ?? null),
      folds,
    );
  // The database’s own comparison only narrows the search. Whether keys are the same is decided by the folded texts.
  const { smallText } = dialect.merge;
  const isAscii = folds.every((fold) => fold === undefined || (fold.letters !== 'case' && fold.letters !== 'accents'));
  const foldable = isAscii && smallText !== undefined ? key.filter((_, at) => folds[at] !== undefined).map(dialect.quote) : [];
  const maybeEqual = (to: string) =>
    foldable
      .map((name) => ` and ${smallText?.(`hygge_now.${name}`)} in (select ${smallText?.(`hygge_new.${name}`)} from ${to} hygge_new)`)
      .join('');
  async function* keysIn(kept: string): AsyncGenerator<readonly { readonly row: string; readonly folded: string }[]> {
    const shown = key.map((name, at) => `hygge_new.${dialect.quote(name)} as k${at}`).join(', ');
    for (let from = 0; ; from += keysHeld) {
      const found = await session.query(
        `select ${shown}, hygge_new.hygge_row as n from ${kept} hygge_new where hygge_new.hygge_row > ${from} and hygge_new.hygge_row <= ${from + keysHeld}`,
      );
      if (found.length === 0) return;
      yield found.map((row) => ({ row: String(row.n), folded: foldedRow(row) }));
    }
  }
  const unmatched = `from ${rows} hygge_new where not exists (select 1 from ${table} hygge_now where ${on})`;
  const coming = await keep('new keys', `(select ${numbered('hygge_new')} ${unmatched})`);
  let removed = 0;
  let settled: string | undefined;
  for await (const some of keysIn(coming)) {
    // Most commits have no new key, so the settled keys are read only when a new key appears.
    settled ??= await keep(
      'settled keys',
      `(select ${numbered('hygge_now')} from ${table} hygge_now where not exists (select 1 from ${rows} hygge_new where ${on})${mine === null ? '' : ` and ${mine}`}${maybeEqual(coming)})`,
    );
    const wanted = new Set(some.map(({ folded }) => folded));
    for await (const there of keysIn(settled)) {
      const going = there.filter(({ folded }) => wanted.has(folded)).map(({ row }) => row);
      for (let at = 0; at < going.length; at += rowsNamed) {
        const named = going.slice(at, at + rowsNamed).join(', ');
        removed += await remove(`exists (select 1 from ${settled} hygge_new where hygge_new.hygge_row in (${named}) and ${on})`);
      }
    }
  }
  for (const made of [coming, settled]) if (made !== undefined) await session.run(dialect.merge.dropTemporary(made));
  return removed;
}
