/** A table of the suite whose log ends at an earlier version, and grows: what a reader meets that comes after each commit. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suitePath } from '../../support/suites.ts';

export interface AboutTable {
  readonly name: string;
  readonly broken: boolean;
  readonly version: number;
  readonly key?: readonly string[];
  readonly partitionColumns: readonly string[];
  readonly rowCounts: Readonly<Record<string, number>>;
  readonly history: Readonly<Record<string, { readonly operation: string | null }>>;
}

export const aboutTable = (name: string): AboutTable =>
  JSON.parse(readFileSync(suitePath(`delta/${name}/about.json`), 'utf8')) as AboutTable;

export function suiteTables(): readonly string[] {
  const folder = suitePath('delta');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => existsSync(join(folder, name, 'about.json')))
        .sort()
    : [];
}

/** The rows of a version as the table's writer reads them; undefined: they were not recorded. */
export function rowsFile({ name, version: newest }: AboutTable, version: number): string | undefined {
  const named = suitePath(`delta/${name}/rows-v${version}.parquet`);
  if (existsSync(named)) return named;
  const rows = suitePath(`delta/${name}/rows.parquet`);
  return version === newest && existsSync(rows) ? rows : undefined;
}

export class GrowingTable {
  readonly #log: string;
  readonly #to: string;

  constructor(name: string, to: string) {
    const from = suitePath(`delta/${name}/table`);
    this.#log = join(from, '_delta_log');
    this.#to = to;
    cpSync(from, to, { recursive: true, filter: (path) => !path.startsWith(this.#log) });
    mkdirSync(join(to, '_delta_log'), { recursive: true });
  }

  /** The first version that a log can end at: the first commit, or the oldest checkpoint where commits were cleaned up. */
  get first(): number {
    const names = readdirSync(this.#log);
    const commits = names.flatMap((name) => /^(\d{20})\.json$/.exec(name)?.[1] ?? []).map(Number);
    if (commits.includes(0)) return 0;
    return Math.min(...names.flatMap((name) => /^(\d{20})\.checkpoint\./.exec(name)?.[1] ?? []).map(Number));
  }

  /** The log as it was when this version was the newest. Checkpoints are there as soon as their version is. */
  growTo(version: number): void {
    const to = join(this.#to, '_delta_log');
    rmSync(to, { recursive: true });
    cpSync(this.#log, to, {
      recursive: true,
      filter: (path) => {
        const last = /\/(?:\d{20}\.)?(\d{20})\.[^/]*$/.exec(path)?.[1];
        return !path.endsWith('_last_checkpoint') && (last === undefined || Number(last) <= version);
      },
    });
  }
}
