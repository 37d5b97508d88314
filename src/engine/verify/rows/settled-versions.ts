/** The settled rows of a change feed, in a store that keeps all of them. Only the newest row of each key is compared. Which row is the newest, the feed’s version shows. */
import type { DataType } from '../../../frames/schema.ts';
import { compareWatermarks, parsedKey, watermarkText } from '../../../frames/watermark-text.ts';
import type { DifferingKey } from './row-differences.ts';

interface SettledVersion {
  readonly row: bigint;
  readonly version: string | null;
}

export type SettledVersionsAsJson = readonly (readonly [
  key: string,
  rows: readonly (readonly [row: string, version: string | null])[],
  deleted: string | null,
])[];

export class SettledVersions {
  readonly #type: DataType;
  readonly #rows = new Map<bigint, SettledVersion[]>();
  /** For each key, the newest version that deleted it. */
  readonly #deleted = new Map<bigint, string>();

  /** @param type the type of the versions. @param earlier what `toJson` returned. */
  constructor(type: DataType, earlier: SettledVersionsAsJson = []) {
    this.#type = type;
    for (const [key, rows, deleted] of earlier) {
      for (const [row, version] of rows) this.add(BigInt(key), BigInt(row), version);
      this.addDeleted(BigInt(key), deleted);
    }
  }

  add(key: bigint, row: bigint, version: string | null): void {
    const rows = this.#rows.get(key) ?? [];
    this.#rows.set(key, rows);
    rows.push({ row, version });
  }

  addDeleted(key: bigint, version: string | null): void {
    if (version === null) return;
    const before = this.#deleted.get(key) ?? null;
    if (before === null || this.#compare(before, version) < 0) this.#deleted.set(key, version);
  }

  /** The rows of a key that count now. If the newest version deleted the key, no row counts. If a version deleted the key and added it again, the source decides. */
  newest({ key, source }: Pick<DifferingKey, 'key' | 'source'>): { readonly rows: readonly bigint[]; readonly earlier: number } {
    const all = this.#rows.get(key) ?? [];
    const newest = all.reduce<string | null>((one, { version }) => (this.#compare(one, version) < 0 ? version : one), null);
    const deleted = this.#deleted.get(key) ?? null;
    const place = this.#compare(deleted, newest);
    const isGone = deleted !== null && (place > 0 || (place === 0 && source.length === 0));
    const rows = isGone ? [] : all.filter(({ version }) => this.#compare(version, newest) === 0).map(({ row }) => row);
    return { rows, earlier: all.length - rows.length };
  }

  toJson(): SettledVersionsAsJson {
    const keys = new Set([...this.#rows.keys(), ...this.#deleted.keys()]);
    return [...keys].map((key) => {
      const rows = (this.#rows.get(key) ?? []).map(({ row, version }) => [String(row), version] as const);
      return [String(key), rows, this.#deleted.get(key) ?? null];
    });
  }

  /** Compares two versions. A row without a version is older than all others. */
  #compare(one: string | null, other: string | null): number {
    const [a, b] = [this.#markOf(one), this.#markOf(other)];
    if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
    return compareWatermarks(a, b);
  }

  #markOf(text: string | null): { readonly type: DataType; readonly text: string } | null {
    const key = text === null ? undefined : parsedKey(this.#type, text);
    return key === undefined ? null : { type: this.#type, text: watermarkText(this.#type, key) };
  }
}
