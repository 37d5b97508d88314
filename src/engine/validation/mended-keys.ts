/** Keys that standing corrections change. */
import { CorrectedKeys, keyText } from '../keys/corrected-keys.ts';
import { type CorrectionsOf, readCorrections } from './corrections.ts';

/** Null: no correction changes the key. @param key the settled names of its columns. */
export async function mendedKeys(of: CorrectionsOf, key: readonly string[]): Promise<CorrectedKeys | null> {
  const textOf = (row: string, columns: readonly string[]) => {
    const texts = JSON.parse(row) as readonly (string | null)[];
    return keyText(key.map((name) => texts[columns.indexOf(name)]));
  };
  const keys = new Map<string, string[]>();
  for (const one of await readCorrections(of))
    if (one.changed.some((name) => key.includes(name))) {
      const from = textOf(one.key, one.columns);
      keys.set(from, [...(keys.get(from) ?? []), textOf(one.to, one.columns)]);
    }
  return keys.size === 0 ? null : new CorrectedKeys(keys);
}
